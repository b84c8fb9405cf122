import { describe, expect, it } from "vitest";
import { requireZstd } from "../../src/bytes/zstd/node-zstd.js";
import { decompress, decompressNow } from "../../src/reader/decompress.ts";
import type { EntryFacts } from "../../src/reader/entry.ts";
import { isOverstated } from "../../src/reader/methods.ts";
import { collect, cut, hex } from "../support/bytes.ts";
import { type HandMadeEntry, handMadeArchive } from "../support/hand-made-archive.ts";
import { HELLO, HELLO_FRAME, hasZstd, IF_ZSTD } from "../support/zstd.ts";
import { entriesOf, watchedArchive } from "./watched-archive.ts";

const ZSTD = 93;

async function entryOf(made: Omit<HandMadeEntry, "name">): Promise<{ entry: EntryFacts; data: Buffer }> {
	const bytes = handMadeArchive([{ name: "a", method: ZSTD, ...made }]);
	const [entry] = await entriesOf(watchedArchive(bytes).reader);
	if (entry === undefined) throw new Error("there is no entry");
	const start = 30 + entry.rawName.byteLength;
	return { entry, data: bytes.subarray(start, start + entry.compressedSize) };
}

async function* inChunks(data: Uint8Array, size: number) {
	yield* cut(data, [size]);
}

/** Both ways to decompress. */
const WAYS: [string, (entry: EntryFacts, data: Uint8Array) => Promise<Uint8Array>][] = [
	["at once", async (entry, data) => decompressNow("a.zip", entry, data)],
	["in one chunk", (entry, data) => collect(decompress("a.zip", entry, inChunks(data, 1_000_000)))],
	[
		"in chunks that end with the frame",
		(entry, data) => collect(decompress("a.zip", entry, inChunks(data, HELLO_FRAME.byteLength))),
	],
	["in small chunks", (entry, data) => collect(decompress("a.zip", entry, inChunks(data, 7)))],
];

describe.skipIf(!hasZstd).each(WAYS)(`decompressing a Zstandard frame %s${IF_ZSTD}`, (_, decompressed) => {
	it("gives the content", async () => {
		const { entry, data } = await entryOf({ content: HELLO, data: HELLO_FRAME });
		expect(Buffer.from(await decompressed(entry, data)).toString()).toBe(HELLO);
	});

	const other = Buffer.from(HELLO_FRAME);
	other.writeUInt8(0x7f, HELLO_FRAME.byteLength - 1);
	it.each<[string, Omit<HandMadeEntry, "name">, RegExp]>([
		[
			"a second frame",
			{ content: HELLO, data: Buffer.concat([HELLO_FRAME, HELLO_FRAME]) },
			/has more data than its compressed stream$/,
		],
		[
			"a second frame that the sizes count",
			{ content: HELLO + HELLO, data: Buffer.concat([HELLO_FRAME, HELLO_FRAME]) },
			/has more data than its compressed stream$/,
		],
		[
			"other bytes behind the frame",
			{ content: HELLO, data: Buffer.concat([HELLO_FRAME, Buffer.from("hidden")]) },
			/has more data than its compressed stream$/,
		],
		[
			"a skippable frame before it",
			{ content: HELLO, data: Buffer.concat([hex("502a4d18 01000000 61"), HELLO_FRAME]) },
			/cannot be decompressed \(no complete Zstandard frame\)$/,
		],
		[
			"a frame that breaks off",
			{ content: HELLO, data: HELLO_FRAME.subarray(0, -6) },
			/cannot be decompressed \(no complete Zstandard frame\)$/,
		],
		[
			"a frame without all of its checksum",
			{ content: HELLO, data: HELLO_FRAME.subarray(0, -1) },
			/cannot be decompressed \(no complete Zstandard frame\)$/,
		],
		["a checksum that is wrong", { content: HELLO, data: other }, /cannot be decompressed \(/],
		["no data", { content: HELLO, data: Buffer.of() }, /is damaged/],
		[
			"data that is none",
			{ content: HELLO, data: Buffer.alloc(50, 0xff) },
			/cannot be decompressed \(no complete Zstandard frame\)$/,
		],
		[
			"another CRC-32",
			{ content: HELLO, data: HELLO_FRAME, crc32: 1 },
			/its CRC-32 is not the one that the archive states$/,
		],
		[
			"more bytes than are stated",
			{ content: HELLO, data: HELLO_FRAME, uncompressedSize: 10 },
			/it has more bytes than the (10 that the )?archive states$/,
		],
		[
			"fewer bytes than are stated",
			{ content: HELLO, data: HELLO_FRAME, uncompressedSize: 100 },
			/it has 23 bytes instead of the 100/,
		],
	])("refuses %s", async (_what, made, message) => {
		const { entry, data } = await entryOf(made);
		await expect(decompressed(entry, data)).rejects.toMatchObject({
			code: "ENTRY_CORRUPT",
			message: expect.stringMatching(message),
		});
	});

	it("ends with the first bytes of a bomb that are more than stated", async () => {
		const bomb = requireZstd().zstdCompressSync(Buffer.alloc(50_000_000), {});
		const { entry, data } = await entryOf({ content: "x", data: bomb, uncompressedSize: 300_000 });
		await expect(decompressed(entry, data)).rejects.toThrow(/it has more bytes than the/);
	});
});

describe("an entry of method 93", () => {
	it.skipIf(hasZstd)("is refused with the Node that is needed, where Node has no zstd", async () => {
		const { entry, data } = await entryOf({ content: HELLO, data: HELLO_FRAME });
		expect(() => decompressNow("a.zip", entry, data)).toThrow(
			'a.zip: the entry "a" is compressed by Zstandard (method 93), which needs Node.js 22.15, 23.8 or later',
		);
	});

	it.skipIf(!hasZstd)(`may hold more than DEFLATE could, and not any size${IF_ZSTD}`, async () => {
		const { entry } = await entryOf({ content: HELLO, data: HELLO_FRAME, uncompressedSize: 25 * 32_768 });
		expect(isOverstated(entry)).toBe(false);
		expect(isOverstated({ ...entry, uncompressedSize: 25 * 32_768 + 1 })).toBe(true);
	});
});
