import { describe, expect, it } from "vitest";
import { readLocalHeader } from "../../src/reader/local-header.ts";
import {
	DEFLATED,
	extraField,
	type HandMadeEntry,
	handMadeArchive,
	u64,
} from "../support/hand-made-archive.ts";
import { entriesOf, watchedArchive } from "./watched-archive.ts";

const LATER = 1 << 3;
const UNKNOWN = { crc32: 0, compressedSize: 0, uncompressedSize: 0 };

async function read(entry: HandMadeEntry, until?: number) {
	const bytes = handMadeArchive([entry]);
	const [found] = await entriesOf(watchedArchive(bytes).reader);
	if (found === undefined) throw new Error("there is no entry");
	return readLocalHeader("a.zip", found, bytes.subarray(0, until), 0);
}

describe("readLocalHeader (APPNOTE 4.3.7)", () => {
	it.each<[string, HandMadeEntry, number]>([
		["that says the same", { name: "a.txt", content: "abc" }, 35],
		[
			"with other extra fields",
			{ name: "a.txt", local: { extra: extraField(0x5455, Buffer.alloc(13)) } },
			52,
		],
		["with padding that is no field", { name: "a.txt", local: { extra: Buffer.alloc(3) } }, 38],
		[
			"without sizes, which follow the data",
			{ name: "a.txt", content: "abc", flags: LATER, local: UNKNOWN },
			35,
		],
		["with sizes, though they follow the data", { name: "a.txt", content: "abc", flags: LATER }, 35],
		[
			"whose sizes follow the data, which the directory does not say",
			{ name: "a.txt", content: "abc", local: { ...UNKNOWN, flags: LATER } },
			35,
		],
		[
			"with sizes of ZIP64",
			{
				name: "a",
				content: "abc",
				local: {
					uncompressedSize: 0xffff_ffff,
					compressedSize: 0xffff_ffff,
					extra: extraField(1, u64(3), u64(3)),
				},
			},
			51,
		],
	])("takes a header %s", async (_, entry, length) => {
		expect(await read(entry)).toEqual({ length });
	});

	it.each([
		[0, 30],
		[29, 30],
		[30, 44],
		[43, 44],
	])("says of %d bytes that it needs %d", async (there, needed) => {
		const entry = { name: "a.txt", content: "abc", local: { extra: extraField(9, Buffer.alloc(5)) } };
		expect(await read(entry, there)).toEqual({ needed });
	});

	it.each<[HandMadeEntry["local"], string]>([
		[{ signature: 0x0403_4b51 }, "has no local header where the directory says"],
		[{ name: "b.txt" }, "has another name in its local header"],
		[{ name: "a.txt2" }, "has another name in its local header"],
		[{ flags: 1 }, "has other flags in its local header"],
		[{ method: 0 }, "has another compression method in its local header"],
		[{ compressedSize: 1 }, "has another compressed size in its local header"],
		[{ compressedSize: 0 }, "has another compressed size in its local header"],
		[{ uncompressedSize: 4 }, "has another size in its local header"],
		[{ crc32: 1 }, "has another CRC-32 in its local header"],
		[{ flags: LATER, crc32: 1 }, "has another CRC-32 in its local header"],
		[
			{ uncompressedSize: 0xffff_ffff },
			"has sizes that stand in a ZIP64 extra field, but no such field, in its local header",
		],
		[{ uncompressedSize: 0xffff_ffff, extra: extraField(1, u64(4)) }, "has another size in its local header"],
	])("refuses a header that says something else than the directory (%#)", async (local, reason) => {
		const entry: HandMadeEntry = { name: "a.txt", content: "abc", method: DEFLATED, ...(local && { local }) };
		await expect(read(entry)).rejects.toMatchObject({
			code: "INVALID_ARCHIVE",
			message: `a.zip: the entry "a.txt" ${reason}`,
			entryName: "a.txt",
			offset: 0,
		});
	});
});
