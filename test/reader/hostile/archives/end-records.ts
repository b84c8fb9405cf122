import { handMadeArchive, u16, u32, u64 } from "../../../support/hand-made-archive.ts";
import { type HostileArchive, type Row, refusedBy } from "../hostile-archive.ts";

const ENTRIES = [
	{ name: "a.txt", content: "first" },
	{ name: "b.txt", content: "second" },
];
const SATURATED = { count: 0xffff, size: 0xffff_ffff, offset: 0xffff_ffff };
const EOCD = Buffer.from("PK\x05\x06", "latin1");
const good = () => handMadeArchive(ENTRIES);
const other = () => handMadeArchive([{ name: "other.txt", content: "another archive" }]);

const NO_END = "is no ZIP archive, or its end is missing: there is no end of central directory record";
const SEVERAL_ENDS = "has several end records, so it can be read as several archives";
const IN_COMMENT = "has the signature of an end record in its comment, so it can be read as several archives";
const SEVERAL_PARTS = "is one part of an archive of several";
const NO_ZIP64 = "has no ZIP64 end record where its locator says, right before it";
const ANOTHER_ZIP64 = "has a ZIP64 end record of an unknown version";

function inFront(count: number): string {
	return `has ${count} bytes in front of it, or between its directory and its end record, that do not belong to it`;
}

function contradiction(what: string): string {
	return `has end records that contradict each other: ${what} in the ZIP64 one`;
}

/** A ZIP64 end record with more in it, and in that a second record, right before the locator. */
function twoZip64Records(): Buffer {
	const bytes = handMadeArchive(ENTRIES, { ...SATURATED, zip64: { recordSize: 44 + 56 } });
	const locator = bytes.indexOf("PK\x06\x07");
	const record = bytes.subarray(bytes.indexOf("PK\x06\x06"), locator);
	const second = Buffer.concat([record.subarray(0, 4), u64(44), record.subarray(12)]);
	return Buffer.concat([bytes.subarray(0, locator), second, bytes.subarray(locator)]);
}

/** Two whole archives, the second with offsets that count from the beginning of the first. */
function hiddenArchive(): Buffer {
	const hidden = other();
	const { byteLength } = hidden;
	const [first, second] = ENTRIES;
	const placed = [
		{ name: "a.txt", ...first, offset: byteLength },
		{ name: "b.txt", ...second, offset: byteLength + 40 },
	];
	return Buffer.concat([hidden, handMadeArchive(placed, { offset: byteLength + 81 })]);
}

const TRUNCATED: readonly Row[] = [
	[NO_END, "cut off in the first local header", () => good().subarray(0, 20)],
	[NO_END, "cut off in the data", () => good().subarray(0, 38)],
	[NO_END, "cut off in the directory", () => good().subarray(0, 120)],
	[NO_END, "cut off behind the directory", () => good().subarray(0, -22)],
	[NO_END, "cut off in the end record", () => good().subarray(0, -21)],
	["is cut off: its end lacks 1 byte", "cut off before its last byte", () => good().subarray(0, -1)],
	[
		"is cut off: its end lacks 5 bytes",
		"cut off in the comment",
		() => handMadeArchive(ENTRIES, { comment: "a comment" }).subarray(0, -5),
	],
];

const POSITION: readonly Row[] = [
	["is empty", "no byte at all", () => Buffer.alloc(0)],
	[NO_END, "something else", () => Buffer.from("<!doctype html><title>404</title>")],
	[SEVERAL_ENDS, "an archive as its comment", () => handMadeArchive(ENTRIES, { comment: other() })],
	[
		SEVERAL_ENDS,
		"an end record as its comment",
		() => handMadeArchive(ENTRIES, { comment: handMadeArchive([]) }),
	],
	[IN_COMMENT, "the signature in its comment", () => handMadeArchive(ENTRIES, { comment: EOCD })],
	[
		IN_COMMENT,
		"an archive in its comment that goes on behind it",
		() => handMadeArchive(ENTRIES, { comment: Buffer.concat([other(), Buffer.from("!")]) }),
	],
	[
		"has 1 byte behind its end record",
		"a line feed at the end",
		() => Buffer.concat([good(), u16(10).subarray(0, 1)]),
	],
	[
		"has 100 bytes behind its end record",
		"zeros at the end",
		() => Buffer.concat([good(), Buffer.alloc(100)]),
	],
	[
		"has 3 bytes behind its end record",
		"a comment that is longer than stated",
		() => handMadeArchive(ENTRIES, { comment: "comment", commentLength: 4 }),
	],
	[
		"is cut off: its end lacks 65,535 bytes",
		"a comment that is not there",
		() => handMadeArchive(ENTRIES, { commentLength: 0xffff }),
	],
	[inFront(9), "a program in front of it", () => Buffer.concat([Buffer.from("#!/bin/sh"), good()])],
	[inFront(131), "another archive in front of it", () => Buffer.concat([other(), good()])],
	[inFront(10), "bytes behind the directory", () => handMadeArchive(ENTRIES, { gap: Buffer.alloc(10) })],
	[
		"lacks 4 bytes: its directory is said to end behind its end record",
		"an offset that is too large",
		() => handMadeArchive(ENTRIES, { offset: 85 }),
	],
	[
		"lacks 1,000 bytes: its directory is said to end behind its end record",
		"an offset beyond the end",
		() => handMadeArchive(ENTRIES, { offset: 1_081 }),
	],
];

const LIES: readonly Row[] = [
	[SEVERAL_PARTS, "a number of its part", () => handMadeArchive(ENTRIES, { disk: 1 })],
	[SEVERAL_PARTS, "a directory in another part", () => handMadeArchive(ENTRIES, { directoryDisk: 1 })],
	[SEVERAL_PARTS, "two counts", () => handMadeArchive(ENTRIES, { count: 2, countOnDisk: 1 })],
	[
		SEVERAL_PARTS,
		"two counts, the other way round",
		() => handMadeArchive(ENTRIES, { count: 1, countOnDisk: 2 }),
	],
	[
		"says that it has 65,535 entries, for which its directory of 102 bytes is too small",
		"a count to reserve memory for",
		() => handMadeArchive(ENTRIES, { count: 0xffff }),
	],
	[
		"says that it has no entries, but has a directory of 102 bytes",
		"entries that are not counted",
		() => handMadeArchive(ENTRIES, { count: 0 }),
	],
	[
		"has a directory of 4,294,967,295 bytes, which is more than there are before its end record",
		"a size to reserve memory for",
		() => handMadeArchive(ENTRIES, { size: 0xffff_ffff }),
	],
	[
		inFront(51),
		"a size that leaves the first entry out",
		() => handMadeArchive(ENTRIES, { size: 51, count: 1 }),
	],
];

const ZIP64: readonly Row[] = [
	[
		contradiction("the number of entries in this part is 1 in one, 2"),
		"another count than that of ZIP64",
		() => handMadeArchive(ENTRIES, { count: 1, zip64: {} }),
	],
	[
		contradiction("the size of the directory is 51 in one, 102"),
		"another size than that of ZIP64",
		() => handMadeArchive(ENTRIES, { size: 51, zip64: {} }),
	],
	[
		contradiction("the offset of the directory is 132 in one, 81"),
		"another offset than that of ZIP64",
		() => handMadeArchive(ENTRIES, { offset: 132, zip64: {} }),
	],
	[
		contradiction("the offset of the directory is 81 in one, 9,223,372,036,854,776,000"),
		"an offset of 2^63 in ZIP64 only",
		() => handMadeArchive(ENTRIES, { zip64: { offset: 2 ** 63 } }),
	],
	[
		"lacks 18,446,744,073,709,552,000 bytes: its directory is said to end behind its end record",
		"an offset of 2^64 - 1",
		() => handMadeArchive(ENTRIES, { ...SATURATED, zip64: { offset: 0xffff_ffff_ffff_ffffn } }),
	],
	[
		"has a directory of 9,223,372,036,854,776,000 bytes, which is more than there are before its end record",
		"a size of 2^63",
		() => handMadeArchive(ENTRIES, { ...SATURATED, zip64: { size: 2 ** 63 } }),
	],
	[
		"says that it has 9,223,372,036,854,776,000 entries, for which its directory of 102 bytes is too small",
		"a count of 2^63",
		() => handMadeArchive(ENTRIES, { ...SATURATED, zip64: { count: 2 ** 63 } }),
	],
	[
		NO_ZIP64,
		"a locator to nowhere",
		() => handMadeArchive(ENTRIES, { ...SATURATED, zip64: { recordOffset: 2 ** 62 } }),
	],
	[
		NO_ZIP64,
		"a locator to an entry",
		() => handMadeArchive(ENTRIES, { ...SATURATED, zip64: { recordOffset: 0 } }),
	],
	[
		NO_ZIP64,
		"a record of 2^63 bytes",
		() => handMadeArchive(ENTRIES, { ...SATURATED, zip64: { recordSize: 2 ** 63 } }),
	],
	[
		NO_ZIP64,
		"a record that is too short",
		() => handMadeArchive(ENTRIES, { ...SATURATED, zip64: { recordSize: 40 } }),
	],
	[NO_ZIP64, "a locator behind nothing", () => locatorOnly()],
	[ANOTHER_ZIP64, "a record of version 2", () => versionTwo()],
	[ANOTHER_ZIP64, "a record in the record", twoZip64Records],
	[
		SEVERAL_PARTS,
		"a locator of several parts",
		() => handMadeArchive(ENTRIES, { ...SATURATED, zip64: { diskCount: 2 } }),
	],
	[
		SEVERAL_PARTS,
		"a ZIP64 record in another part",
		() => handMadeArchive(ENTRIES, { ...SATURATED, zip64: { locatorDisk: 1 } }),
	],
	[
		"has a directory of 4,294,967,295 bytes, which is more than there are before its end record",
		"numbers that stand in a ZIP64 record that is not there",
		() => handMadeArchive(ENTRIES, { size: 0xffff_ffff, offset: 0xffff_ffff }),
	],
];

function locatorOnly(): Buffer {
	const locator = Buffer.concat([u32(0x0706_4b50), u32(0), u64(183), u32(1)]);
	return handMadeArchive(ENTRIES, { ...SATURATED, gap: locator });
}

/** With the fields for an encrypted directory (APPNOTE 7.3.4). */
function versionTwo(): Buffer {
	const bytes = handMadeArchive(ENTRIES, { ...SATURATED, zip64: { recordSize: 44 + 28 } });
	const locator = bytes.indexOf("PK\x06\x07");
	return Buffer.concat([bytes.subarray(0, locator), Buffer.alloc(28), bytes.subarray(locator)]);
}

/** What is wrong at the end of archives, or about the place of everything else. */
export const END_RECORDS: readonly HostileArchive[] = [
	...refusedBy("opening", [...TRUNCATED, ...POSITION, ...LIES, ...ZIP64]),
	...refusedBy("listing", [
		[
			"begins with an entry that is not in its directory",
			"an archive in front of it that is accounted for",
			hiddenArchive,
		],
	]),
];
