import { describe, expect, it } from "vitest";
import { crc32 } from "../../../src/bytes/crc32.ts";
import { findEndRecords } from "../../../src/reader/directory/end-records.ts";
import { readDirectory } from "../../../src/reader/directory/read-directory.ts";
import type { EntryFacts } from "../../../src/reader/entry.ts";
import {
	extraField,
	type HandMadeEnd,
	type HandMadeEntry,
	handMadeArchive,
	MADE_ON_UNIX,
	u16,
	u32,
	u64,
	unixMode,
} from "../../support/hand-made-archive.ts";

/** The entries, with the bytes of the directory in chunks of a size. */
async function read(
	entries: readonly HandMadeEntry[],
	end: HandMadeEnd = {},
	chunkSize = 1_000_000,
): Promise<EntryFacts[]> {
	const bytes = handMadeArchive(entries, end);
	const records = findEndRecords("a.zip", bytes.byteLength, bytes);
	async function* chunks() {
		for (let at = records.directoryStart; at < records.directoryEnd; at += chunkSize)
			yield bytes.subarray(at, Math.min(at + chunkSize, records.directoryEnd));
	}
	const found: EntryFacts[] = [];
	for await (const batch of readDirectory("a.zip", records, chunks())) found.push(...batch);
	return found;
}

async function readOne(entry: HandMadeEntry): Promise<EntryFacts> {
	const [found] = await read([entry]);
	if (found === undefined) throw new Error("there is no entry");
	return found;
}

/** Windows: an NTFS extra field with one time. */
function ntfs(ms: number): Buffer {
	const ticks = BigInt(ms) * 10_000n + 116_444_736_000_000_000n;
	return extraField(0x000a, u32(0), u16(1), u16(24), u64(ticks), u64(0), u64(0));
}

describe("readDirectory (APPNOTE 4.3.12)", () => {
	it.each([[1], [7], [46], [63], [1_000]])("gives the same entries in chunks of %d bytes", async (size) => {
		const entries = Array.from({ length: 20 }, (_, at) => ({
			name: `${"d/".repeat(at)}file`,
			content: "x".repeat(at),
			comment: at % 2 === 0 ? "" : "odd",
		}));
		const found = await read(entries, {}, size);
		expect(
			found.map(({ index, name, uncompressedSize, comment }) => [index, name, uncompressedSize, comment]),
		).toEqual(entries.map(({ name, content, comment }, at) => [at, name, content.length, comment]));
	});

	it("reads sizes and the offset of ZIP64 in the order of the specification", async () => {
		const extra = extraField(0x0001, u64(100), u64(50), u64(0));
		const large = { uncompressedSize: 0xffff_ffff, compressedSize: 0xffff_ffff, offset: 0xffff_ffff };
		const entry = await readOne({ name: "a", data: Buffer.alloc(50), method: 8, extra, ...large });
		expect(entry).toMatchObject({ uncompressedSize: 100, compressedSize: 50, offset: 0, zip64: true });
	});

	it("reads only the values of ZIP64 that the header leaves to it", async () => {
		const extra = extraField(0x0001, u64(0));
		const entry = await readOne({ name: "a", content: "abc", extra, offset: 0xffff_ffff });
		expect(entry).toMatchObject({ uncompressedSize: 3, compressedSize: 3, offset: 0 });
	});

	it.each<[string, Partial<HandMadeEntry>, { kind: string; mode?: number | undefined }]>([
		[
			"file",
			{ versionMadeBy: MADE_ON_UNIX, externalAttributes: unixMode(0o100_644) },
			{ kind: "file", mode: 0o644 },
		],
		[
			"link",
			{ versionMadeBy: MADE_ON_UNIX, externalAttributes: unixMode(0o120_777) },
			{ kind: "symlink", mode: 0o777 },
		],
		[
			"dir",
			{ versionMadeBy: MADE_ON_UNIX, externalAttributes: unixMode(0o040_755) },
			{ kind: "directory", mode: 0o755 },
		],
		[
			"su",
			{ versionMadeBy: MADE_ON_UNIX, externalAttributes: unixMode(0o104_755) },
			{ kind: "file", mode: 0o4755 },
		],
		[
			"fifo",
			{ versionMadeBy: MADE_ON_UNIX, externalAttributes: unixMode(0o010_644) },
			{ kind: "other", mode: 0o644 },
		],
		["d/", {}, { kind: "directory", mode: undefined }],
		["dosdir", { externalAttributes: 0x10 }, { kind: "directory", mode: undefined }],
		["dos", { externalAttributes: unixMode(0o100_644) }, { kind: "file", mode: undefined }],
		[
			"mac",
			{ versionMadeBy: 19 << 8, externalAttributes: unixMode(0o100_600) },
			{ kind: "file", mode: 0o600 },
		],
	])("reads kind and mode of %s", async (name, entry, expected) => {
		expect(await readOne({ name, ...entry })).toMatchObject(expected);
	});

	it.each<[string, Partial<HandMadeEntry>, string, string]>([
		[
			"the extended timestamp",
			{ extra: extraField(0x5455, Buffer.from([1]), u32(1_700_000_001)) },
			"unix",
			"2023-11-14T22:13:21.000Z",
		],
		[
			"one before 1970",
			{ extra: extraField(0x5455, Buffer.from([1]), u32(0xffff_ffff)) },
			"unix",
			"1969-12-31T23:59:59.000Z",
		],
		["NTFS", { extra: ntfs(1_700_000_001_123) }, "ntfs", "2023-11-14T22:13:21.123Z"],
		[
			"the extended timestamp before NTFS",
			{ extra: Buffer.concat([ntfs(5), extraField(0x5455, Buffer.from([3]), u32(9), u32(8))]) },
			"unix",
			"1970-01-01T00:00:09.000Z",
		],
		[
			"MS-DOS",
			{ date: (43 << 9) | (11 << 5) | 14, time: (22 << 11) | (13 << 5) | 10 },
			"dos",
			"2023-11-14T22:13:20.000Z",
		],
		["no date at all", { date: 0, time: 0 }, "dos", "1980-01-01T00:00:00.000Z"],
		[
			"a timestamp without a time of change",
			{ extra: extraField(0x5455, Buffer.from([0])), date: (43 << 9) | 33 },
			"dos",
			"2023-01-01T00:00:00.000Z",
		],
	])("takes the time from %s", async (_, entry, mtimeSource, mtime) => {
		expect(await readOne({ name: "a", ...entry })).toMatchObject({ mtimeSource, mtime: new Date(mtime) });
	});

	const cp437 = Buffer.from([0x81, 0x2e, 0x74, 0x78, 0x74]);
	const unicode = (of: Uint8Array) =>
		extraField(0x7075, Buffer.from([1]), u32(crc32(of)), Buffer.from("ü.txt"));
	it.each<[string, HandMadeEntry, string, Uint8Array]>([
		["UTF-8, marked", { name: "ü.txt", flags: 1 << 11 }, "ü.txt", Buffer.from("ü.txt")],
		["UTF-8, not marked", { name: "ü.txt" }, "ü.txt", Buffer.from("ü.txt")],
		["CP437 of MS-DOS", { name: cp437 }, "ü.txt", Buffer.from("ü.txt")],
		["bytes of Unix", { name: cp437, versionMadeBy: MADE_ON_UNIX }, "ü.txt", cp437],
		[
			"a Unicode path",
			{ name: Buffer.from("?.txt\x81", "latin1"), extra: unicode(Buffer.from("?.txt\x81", "latin1")) },
			"ü.txt",
			Buffer.from("ü.txt"),
		],
		[
			"a Unicode path of another name",
			{ name: cp437, extra: unicode(Buffer.from("x")), versionMadeBy: MADE_ON_UNIX },
			"ü.txt",
			cp437,
		],
		["backslashes of Windows", { name: "a\\b\\c.txt" }, "a/b/c.txt", Buffer.from("a/b/c.txt")],
		["backslashes of Unix", { name: "a\\b", versionMadeBy: MADE_ON_UNIX }, "a\\b", Buffer.from("a\\b")],
		["backslashes beside slashes", { name: "a/b\\c" }, "a/b\\c", Buffer.from("a/b\\c")],
	])("reads a name in %s", async (_, entry, name, pathBytes) => {
		const found = await readOne(entry);
		expect(found.name).toBe(name);
		expect(Buffer.from(found.pathBytes).equals(pathBytes)).toBe(true);
		expect(Buffer.from(found.rawName).equals(Buffer.from(entry.name as string))).toBe(true);
	});

	it("keeps names apart that are no UTF-8", async () => {
		const names = Array.from({ length: 128 }, (_, at) => Buffer.from([0x66, 0x80 + at]));
		const found = await read(names.map((name) => ({ name, versionMadeBy: MADE_ON_UNIX })));
		expect(new Set(found.map(({ name }) => name)).size).toBe(128);
	});

	it.each<[readonly HandMadeEntry[], HandMadeEnd, string]>([
		[
			[{ name: "a" }, { name: "b" }],
			{ count: 1 },
			"a.zip: has more in its directory than the 1 entries that its end record states",
		],
		[
			[{ name: "a", comment: Buffer.alloc(60) }],
			{ count: 2 },
			"a.zip: has 1 entries in its directory, but its end record states 2",
		],
		[[{ name: "" }], {}, 'a.zip: the entry "" has no name'],
		[
			[{ name: "a", content: "abc", uncompressedSize: 4 }],
			{},
			'a.zip: the entry "a" is said to be stored, but has another size than its data',
		],
		[
			[{ name: "a", compressedSize: 99, method: 8 }],
			{},
			'a.zip: the entry "a" is said to lie beyond the directory',
		],
		[[{ name: "a", offset: 1 }], {}, 'a.zip: the entry "a" is said to lie beyond the directory'],
		[
			[{ name: "a", disk: 1 }],
			{},
			'a.zip: the entry "a" is said to be in another part of an archive of several',
		],
		[
			[{ name: "a", compressedSize: 0xffff_ffff }],
			{},
			'a.zip: the entry "a" has sizes that stand in a ZIP64 extra field, but no such field',
		],
		[
			[{ name: "a", offset: 0xffff_ffff, extra: extraField(1, u32(0)) }],
			{},
			'a.zip: the entry "a" has a ZIP64 extra field without the sizes that stand in it',
		],
		[
			[{ name: "a", extra: Buffer.concat([extraField(1, u64(0)), extraField(1, u64(1))]) }],
			{},
			'a.zip: the entry "a" has two ZIP64 extra fields',
		],
		[
			[{ name: "a", extra: Buffer.from([1, 2, 9, 0]) }],
			{},
			'a.zip: the entry "a" has extra fields that go beyond their end',
		],
	])("refuses a directory that contradicts itself (%#)", async (entries, end, message) => {
		await expect(read(entries, end)).rejects.toMatchObject({ code: "INVALID_ARCHIVE", message });
	});

	it("refuses bytes that are no header", async () => {
		const bytes = handMadeArchive([{ name: "a" }, { name: "b" }]);
		const records = findEndRecords("a.zip", bytes.byteLength, bytes);
		bytes[records.directoryStart + 47] = 0x51;
		async function* chunks() {
			yield bytes.subarray(records.directoryStart, records.directoryEnd);
		}
		const all = async () => {
			for await (const batch of readDirectory("a.zip", records, chunks())) for (const _ of batch);
		};
		await expect(all()).rejects.toMatchObject({
			message: "a.zip: has something else than a header in its directory, behind entry 1",
			offset: records.directoryStart + 47,
		});
	});
});
