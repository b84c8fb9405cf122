import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decompress, decompressNow } from "../../src/reader/decompress.ts";
import type { EntryFacts } from "../../src/reader/entry.ts";
import { DEFLATED, type HandMadeEntry, handMadeArchive } from "../support/hand-made-archive.ts";
import { collect, entriesOf, watchedArchive } from "./watched-archive.ts";

async function entryOf(entry: HandMadeEntry): Promise<{ entry: EntryFacts; data: Buffer }> {
	const bytes = handMadeArchive([entry]);
	const [found] = await entriesOf(watchedArchive(bytes).reader);
	if (found === undefined) throw new Error("there is no entry");
	const start = 30 + found.rawName.byteLength;
	return { entry: found, data: bytes.subarray(start, start + found.compressedSize) };
}

async function* inChunks(data: Uint8Array, size: number) {
	for (let at = 0; at < data.byteLength; at += size) yield data.subarray(at, at + size);
}

/** Both ways to decompress. */
const WAYS: [string, (entry: EntryFacts, data: Uint8Array) => Promise<Uint8Array>][] = [
	["at once", async (entry, data) => decompressNow("a.zip", entry, data)],
	["in one chunk", (entry, data) => collect(decompress("a.zip", entry, inChunks(data, 1_000_000)))],
	["in small chunks", (entry, data) => collect(decompress("a.zip", entry, inChunks(data, 7)))],
];

const TEXT = "0123456789 and so on, ".repeat(200);

describe.each(WAYS)("decompressing %s", (_, decompressed) => {
	it.each<[string, HandMadeEntry]>([
		["stored", { name: "a", content: TEXT }],
		["deflated", { name: "a", content: TEXT, method: DEFLATED }],
		["empty, stored", { name: "a" }],
		["empty, deflated", { name: "a", method: DEFLATED }],
	])("gives the content: %s", async (__, made) => {
		const { entry, data } = await entryOf(made);
		expect(Buffer.from(await decompressed(entry, data)).toString()).toBe(made.content ?? "");
	});

	const good = deflateRawSync(TEXT);
	it.each<[string, HandMadeEntry, RegExp]>([
		[
			"a wrong byte, stored",
			{ name: "a", content: `${TEXT}x`, crc32: 1 },
			/^a\.zip: the entry "a" is damaged: its CRC-32 is not the one/,
		],
		[
			"another CRC-32",
			{ name: "a", content: TEXT, method: DEFLATED, crc32: 1 },
			/is damaged: its CRC-32 is not the one that the archive states/,
		],
		[
			"more bytes than are stated",
			{ name: "a", content: TEXT, method: DEFLATED, uncompressedSize: 10 },
			/is damaged: it has more bytes than the (10 that the )?archive states/,
		],
		[
			"more bytes than none",
			{ name: "a", content: TEXT, method: DEFLATED, uncompressedSize: 0 },
			/is damaged: it has more bytes than the (0 that the )?archive states/,
		],
		[
			"fewer bytes than are stated",
			{ name: "a", content: TEXT, method: DEFLATED, uncompressedSize: 10_000 },
			/is damaged: it has 4,400 bytes instead of the 10,000/,
		],
		[
			"data that breaks off",
			{ name: "a", content: TEXT, method: DEFLATED, data: good.subarray(0, -5) },
			/cannot be decompressed \(unexpected end of file\)/,
		],
		[
			"data that is none",
			{ name: "a", content: TEXT, method: DEFLATED, data: Buffer.alloc(50, 0xff) },
			/cannot be decompressed \(invalid/,
		],
		["no data", { name: "a", content: TEXT, method: DEFLATED, data: Buffer.alloc(0) }, /is damaged/],
		[
			"data behind the compressed stream",
			{ name: "a", content: TEXT, method: DEFLATED, data: Buffer.concat([good, Buffer.from("hidden")]) },
			/has more data than its compressed stream/,
		],
	])("refuses %s", async (__, made, message) => {
		const { entry, data } = await entryOf(made);
		await expect(decompressed(entry, data)).rejects.toMatchObject({
			code: "ENTRY_CORRUPT",
			entryName: "a",
			message: expect.stringMatching(message),
		});
	});

	it.each<[Partial<HandMadeEntry>, string]>([
		[{ flags: 1 }, "is encrypted, which is not supported"],
		[{ flags: 1 << 6 }, "is encrypted, which is not supported"],
		[{ flags: 1 << 5 }, "is a patch for another file, which is not supported"],
		[{ method: 95 }, "is compressed by XZ (method 95), which is not supported"],
		[{ method: 1234 }, "is compressed by an unknown method (method 1234), which is not supported"],
	])("refuses what it cannot read (%#)", async (fields, reason) => {
		const { entry, data } = await entryOf({ name: "a", content: "abc", ...fields });
		await expect(decompressed(entry, data)).rejects.toMatchObject({
			code: "ENTRY_UNSUPPORTED",
			message: `a.zip: the entry "a" ${reason}`,
		});
	});
});

describe("decompress", () => {
	it("stops soon after more came out than is stated", async () => {
		const bomb = deflateRawSync(Buffer.alloc(20_000_000));
		const { entry } = await entryOf({ name: "a", method: DEFLATED, data: bomb, uncompressedSize: 1_000 });
		let size = 0;
		const all = async () => {
			for await (const chunk of decompress("a.zip", entry, inChunks(bomb, 1_000))) size += chunk.byteLength;
		};
		await expect(all()).rejects.toMatchObject({ code: "ENTRY_CORRUPT" });
		expect(size).toBe(0);
	});

	it.each([0, DEFLATED])("passes on the failure of what its data comes from (method %d)", async (method) => {
		const { entry, data } = await entryOf({ name: "a", content: TEXT, method });
		const failure = new Error("the network is down");
		async function* failing() {
			yield data.subarray(0, 10);
			throw failure;
		}
		await expect(collect(decompress("a.zip", entry, failing()))).rejects.toBe(failure);
	});
});
