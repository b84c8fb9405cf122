import { describe, expect, it } from "vitest";
import { findEndRecords } from "../../../src/reader/directory/end-records.ts";
import { type HandMadeEnd, handMadeArchive } from "../../support/hand-made-archive.ts";

const ENTRIES = [
	{ name: "a.txt", content: "a" },
	{ name: "b.txt", content: "bb" },
];
const EOCD = Buffer.from("PK\x05\x06", "latin1");
const SATURATED = { count: 0xffff, size: 0xffff_ffff, offset: 0xffff_ffff };

function find(bytes: Uint8Array) {
	return findEndRecords("a.zip", bytes.byteLength, bytes.subarray(-131_072));
}

describe("findEndRecords (APPNOTE 4.3.14 to 4.3.16)", () => {
	it.each<[string, HandMadeEnd, boolean]>([
		["without a comment", {}, false],
		["with a comment", { comment: "made by hand" }, false],
		["with the longest comment", { comment: Buffer.alloc(65_535, "c") }, false],
		["of ZIP64", { ...SATURATED, zip64: {} }, true],
		["of ZIP64 that repeat the numbers in both records", { zip64: {} }, true],
		["of ZIP64, with the longest comment", { ...SATURATED, zip64: {}, comment: Buffer.alloc(65_535) }, true],
	])("finds records %s", (_, end, zip64) => {
		const bytes = handMadeArchive(ENTRIES, end);
		const found = find(bytes);
		expect(found).toMatchObject({ entryCount: 2, directoryStart: 73, directoryEnd: 175, zip64 });
		expect(found.comment.byteLength).toBe(
			end.comment === undefined ? 0 : Buffer.from(end.comment).byteLength,
		);
	});

	it("finds those of an empty archive", () => {
		expect(find(handMadeArchive([]))).toMatchObject({ entryCount: 0, directoryStart: 0, directoryEnd: 0 });
	});

	it("is not misled by an archive that is stored in the archive", () => {
		const inner = handMadeArchive(ENTRIES);
		const bytes = handMadeArchive([{ name: "inner.zip", content: inner }]);
		expect(find(bytes)).toMatchObject({ entryCount: 1 });
	});

	it("takes 65,535 entries without ZIP64, as old tools have written them", () => {
		const bytes = handMadeArchive(Array.from({ length: 65_535 }, (_, at) => ({ name: `${at}` })));
		expect(find(bytes)).toMatchObject({ entryCount: 65_535, zip64: false });
	});

	const whole = handMadeArchive(ENTRIES);
	it.each<[Uint8Array, string]>([
		[Buffer.alloc(0), "a.zip: is empty"],
		[
			Buffer.from("hello"),
			"a.zip: is no ZIP archive, or its end is missing: there is no end of central directory record",
		],
		[
			whole.subarray(0, 150),
			"a.zip: is no ZIP archive, or its end is missing: there is no end of central directory record",
		],
		[Buffer.concat([whole, Buffer.from("x")]), "a.zip: has 1 byte behind its end record"],
		[
			Buffer.concat([Buffer.from("#!/bin/sh"), whole]),
			"a.zip: has 9 bytes in front of it, or between its directory and its end record, that do not belong to it",
		],
		[
			handMadeArchive(ENTRIES, { gap: Buffer.alloc(3) }),
			"a.zip: has 3 bytes in front of it, or between its directory and its end record, that do not belong to it",
		],
		[
			handMadeArchive(ENTRIES, { comment: "c", commentLength: 4 }),
			"a.zip: is cut off: its end lacks 3 bytes",
		],
		[
			handMadeArchive(ENTRIES, { comment: EOCD }),
			"a.zip: has the signature of an end record in its comment, so it can be read as several archives",
		],
		[
			handMadeArchive(ENTRIES, { comment: handMadeArchive([]) }),
			"a.zip: has several end records, so it can be read as several archives",
		],
		[handMadeArchive(ENTRIES, { count: 1, countOnDisk: 2 }), "a.zip: is one part of an archive of several"],
		[handMadeArchive(ENTRIES, { disk: 1 }), "a.zip: is one part of an archive of several"],
		[
			handMadeArchive(ENTRIES, { ...SATURATED, zip64: { diskCount: 2 } }),
			"a.zip: is one part of an archive of several",
		],
		[
			handMadeArchive(ENTRIES, { ...SATURATED, disk: 0xffff, zip64: { disk: 3 } }),
			"a.zip: is one part of an archive of several",
		],
		[
			handMadeArchive(ENTRIES, { ...SATURATED, zip64: { recordOffset: 3 } }),
			"a.zip: has no ZIP64 end record where its locator says, right before it",
		],
		[
			handMadeArchive(ENTRIES, { ...SATURATED, zip64: { recordSize: 45 } }),
			"a.zip: has no ZIP64 end record where its locator says, right before it",
		],
		[
			handMadeArchive(ENTRIES, { count: 1, zip64: {} }),
			"a.zip: has end records that contradict each other: the number of entries in this part is 1 in one, 2 in the ZIP64 one",
		],
		[
			handMadeArchive(ENTRIES, { offset: 7, zip64: {} }),
			"a.zip: has end records that contradict each other: the offset of the directory is 7 in one, 73 in the ZIP64 one",
		],
		[
			handMadeArchive(ENTRIES, { size: 1_000 }),
			"a.zip: has a directory of 1,000 bytes, which is more than there are before its end record",
		],
		[
			handMadeArchive(ENTRIES, { size: 0xffff_ffff }),
			"a.zip: has a directory of 4,294,967,295 bytes, which is more than there are before its end record",
		],
		[
			handMadeArchive(ENTRIES, { offset: 80 }),
			"a.zip: lacks 7 bytes: its directory is said to end behind its end record",
		],
		[
			handMadeArchive(ENTRIES, { count: 60_000 }),
			"a.zip: says that it has 60,000 entries, for which its directory of 102 bytes is too small",
		],
		[
			handMadeArchive(ENTRIES, { ...SATURATED, zip64: { count: 2 ** 53 } }),
			"a.zip: says that it has 9,007,199,254,740,992 entries, for which its directory of 102 bytes is too small",
		],
		[
			handMadeArchive(ENTRIES, { count: 0 }),
			"a.zip: says that it has no entries, but has a directory of 102 bytes",
		],
	])("refuses an archive that can be read in another way, or in none (%#)", (bytes, message) => {
		expect(() => find(bytes)).toThrow(expect.objectContaining({ code: "INVALID_ARCHIVE", message }));
	});
});
