import { constants, deflateRawSync } from "node:zlib";
import {
	DEFLATED,
	extraField,
	type HandMadeEntry,
	handMadeArchive,
	u32,
	u64,
} from "../../../support/hand-made-archive.ts";
import { about, type HostileArchive, type Row, refusedBy } from "../hostile-archive.ts";

const LARGE = 0xffff_ffff;
const LATER = 1 << 3;
const UNKNOWN = { crc32: 0, compressedSize: 0, uncompressedSize: 0 };
const TEXT = "a text that is long enough for a text, and a text again";
const GOOD = { name: "good.txt", content: "good" };

function beside(entry: Partial<HandMadeEntry>): () => Buffer {
	return () => handMadeArchive([GOOD, { name: "a", content: TEXT, method: DEFLATED, ...entry }]);
}

/** An entry whose two headers agree on what is not true. */
function agreed(lie: Partial<HandMadeEntry>): () => Buffer {
	const { name: _, ...local } = lie;
	return beside({ ...lie, local });
}

const local = (what: string) => about("a", `has another ${what} in its local header`);

const LOCAL_HEADERS: readonly Row[] = [
	[
		about("a", "has no local header where the directory says"),
		"no local header there",
		beside({ local: { signature: 0x0605_4b51 } }),
	],
	[
		about("a", "has no local header where the directory says"),
		"an offset into the data",
		beside({ offset: 60, compressedSize: 0, uncompressedSize: 0, method: 0 }),
	],
	[local("compression method"), "stored, by the local header", beside({ local: { method: 0 } })],
	[local("compressed size"), "a compressed size of 1", beside({ local: { compressedSize: 1 } })],
	[
		local("compressed size"),
		"a compressed size of 0 that does not follow",
		beside({ local: { compressedSize: 0 } }),
	],
	[local("size"), "a size of 1", beside({ local: { uncompressedSize: 1 } })],
	[local("CRC-32"), "another CRC-32", beside({ local: { crc32: 1 } })],
	[local("CRC-32"), "another CRC-32, though it follows", beside({ flags: LATER, local: { crc32: 1 } })],
	[
		local("compressed size"),
		"another size in the ZIP64 field",
		beside({
			local: {
				compressedSize: LARGE,
				uncompressedSize: LARGE,
				extra: extraField(1, u64(TEXT.length), u64(7)),
			},
		}),
	],
	[
		about("a", "has sizes that stand in a ZIP64 extra field, but no such field, in its local header"),
		"a size in a ZIP64 field that is not there",
		beside({ local: { compressedSize: LARGE, uncompressedSize: LARGE } }),
	],
	[
		about("a", "has other flags in its local header"),
		"encrypted, by the local header",
		beside({ local: { flags: 1 } }),
	],
	[
		about("a", "is said to lie beyond the directory"),
		"extra fields that move the data into the directory",
		() =>
			handMadeArchive([
				GOOD,
				{
					name: "a",
					content: TEXT,
					data: Buffer.from(TEXT.slice(0, -9)),
					compressedSize: TEXT.length,
					local: { compressedSize: TEXT.length, extra: extraField(9, Buffer.alloc(5)) },
				},
			]),
	],
];

const BOMB = "is damaged: it has more bytes than the";

const DATA: readonly Row[] = [
	[
		about("a", "is damaged: its CRC-32 is not the one that the archive states"),
		"another CRC-32 in both headers",
		agreed({ crc32: 1 }),
	],
	[
		about("a", `${BOMB} 10 that the archive states`),
		"a size that is too small",
		agreed({ uncompressedSize: 10 }),
	],
	[about("a", `${BOMB} 0 that the archive states`), "a size of 0", agreed({ uncompressedSize: 0 })],
	[
		about(
			"a",
			`is damaged: it has ${TEXT.length} bytes instead of the 4,294,967,294 that the archive states`,
		),
		"a size to reserve memory for",
		agreed({ uncompressedSize: LARGE - 1 }),
	],
	[
		about("a", `${BOMB} 1,000 that the archive states`),
		"10 GiB of zeros that are said to be a thousand bytes",
		() => agreed({ content: "", data: bomb(), uncompressedSize: 1_000 })(),
	],
	[
		about("a", "has more data than its compressed stream"),
		"bytes behind the compressed stream",
		agreed({ data: Buffer.concat([deflateRawSync(TEXT), Buffer.from("hidden")]) }),
	],
	[
		about("a", "is damaged: its data cannot be decompressed (unexpected end of file)"),
		"a compressed stream without its end",
		agreed({ data: deflateRawSync(TEXT).subarray(0, -9) }),
	],
	[
		about("a", "is damaged: its data cannot be decompressed (unexpected end of file)"),
		"no compressed stream",
		agreed({ data: Buffer.alloc(0) }),
	],
	[
		about("a", "is damaged: its data cannot be decompressed (invalid block type)"),
		"what is no compressed stream",
		agreed({ data: Buffer.from(TEXT.replaceAll(/./g, "\x07")) }),
	],
	[
		about("a", "is damaged: its data cannot be decompressed (invalid distance too far back)"),
		"a stream that needs what came before it",
		agreed({ data: dependent() }),
	],
];

/** 10 GiB of zeros in 10 MB: the same megabyte again and again. */
function bomb(): Buffer {
	const megabyte = deflateRawSync(Buffer.alloc(2 ** 20), { finishFlush: constants.Z_FULL_FLUSH });
	return Buffer.concat([...Array.from({ length: 10_240 }, () => megabyte), deflateRawSync("")]);
}

/** The second half of a stream. */
function dependent(): Buffer {
	return deflateRawSync(TEXT, { dictionary: Buffer.from(TEXT), finishFlush: constants.Z_FINISH });
}

const AES = extraField(0x9901, Buffer.from([2, 0, 0x41, 0x45, 3, 8, 0]));

const UNSUPPORTED: readonly Row[] = [
	[about("a", "is encrypted, which is not supported"), "encrypted", agreed({ flags: 1 })],
	[
		about("a", "is encrypted, which is not supported"),
		"encrypted by AES",
		agreed({ flags: 1, method: 99, extra: AES }),
	],
	[about("a", "is encrypted, which is not supported"), "strong encryption", agreed({ flags: 1 | (1 << 6) })],
	[about("a", "is encrypted, which is not supported"), "masked headers", agreed({ flags: 1 << 13 })],
	[
		about("a", "is a patch for another file, which is not supported"),
		"patched data",
		agreed({ flags: 1 << 5 }),
	],
	...[
		[1, "Shrink"],
		[9, "Deflate64"],
		[12, "bzip2"],
		[14, "LZMA"],
		[95, "XZ"],
		[98, "PPMd"],
		[0xffff, "an unknown method"],
	].map(
		([method, name]): Row => [
			about("a", `is compressed by ${name} (method ${method}), which is not supported`),
			`method ${method}`,
			agreed({ method: Number(method), data: Buffer.from(TEXT) }),
		],
	),
];

/** A data descriptor, with its signature or without. */
function descriptor(crc: number, compressed: number, size: number, signature = true): Buffer {
	const values = [u32(crc), u32(compressed), u32(size)];
	return Buffer.concat(signature ? [u32(0x0807_4b50), ...values] : values);
}

const DIFFERS = about("a", "has a data descriptor that contradicts the directory");

const DESCRIPTORS: readonly Row[] = [true, false].flatMap((signature): Row[] => {
	const kind = signature ? "with" : "without";
	const data = deflateRawSync(TEXT);
	const lying = (behind: Buffer) => beside({ flags: LATER, local: UNKNOWN, behind });
	const { length } = TEXT;
	return [
		[DIFFERS, `another CRC-32, ${kind} signature`, lying(descriptor(1, data.byteLength, length, signature))],
		[DIFFERS, `another compressed size, ${kind} signature`, lying(descriptor(crcOf(), 1, length, signature))],
		[DIFFERS, `another size, ${kind} signature`, lying(descriptor(crcOf(), data.byteLength, 1, signature))],
	];
});

function crcOf(): number {
	const bytes = handMadeArchive([{ name: "a", content: TEXT }]);
	return bytes.readUInt32LE(14);
}

/** What is wrong with an entry, so that the others can be read. */
export const ENTRIES: readonly HostileArchive[] = [
	...refusedBy("reading", [...LOCAL_HEADERS, ...DATA, ...UNSUPPORTED, ...DESCRIPTORS]),
	...refusedBy("reading", [
		[DIFFERS, "none, though both headers say so", beside({ flags: LATER, local: UNKNOWN })],
		[DIFFERS, "none, though the local header says so", beside({ method: 0, local: { flags: LATER } })],
	]),
	...refusedBy("extracting", [
		[about("a", 'shares bytes with the entry "good.txt"'), "an entry in another one", inside],
		[about("a/", "is a directory, but has data"), "a directory with content", beside({ name: "a/" })],
	]),
];

/** A stored archive whose entry is one of the outer archive as well. */
function inside(): Buffer {
	const inner = handMadeArchive([{ name: "a", content: "inner" }]);
	const outer = [
		{ name: "good.txt", content: inner },
		{ name: "a", content: "inner", offset: 38 },
	];
	return handMadeArchive(outer);
}
