import { inflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { BufferPool } from "../../../src/bytes/buffer-pool.ts";
import { type CompressOptions, compressBlock } from "../../../src/zip/blocks/compress-block.ts";
import { DeflateThreads } from "../../../src/zip/blocks/deflate-threads.ts";
import type { Block } from "../../../src/zip/blocks/read-blocks.ts";
import { storedBlocks, storedBlocksSize } from "../../../src/zip/blocks/stored-blocks.ts";
import { ZstdBlocks } from "../../../src/zip/blocks/zstd/zstd-blocks.ts";
import type { Entry } from "../../../src/zip/entry.ts";
import { BLOCK_SIZE } from "../../../src/zip/format/limits.ts";
import { DEFLATED, STORED } from "../../../src/zip/format/records.ts";
import { lines, noise } from "../../support/bytes.ts";
import { fileEntry } from "../../support/entries.ts";

const POOL = new BufferPool([BLOCK_SIZE], 0);

function block(bytes: Uint8Array, position: Partial<Block> = {}, details: Partial<Entry> = {}): Block {
	const entry = fileEntry("name", bytes, details);
	const opened = { entry, mtimeMs: 0, mode: 0, size: bytes.byteLength };
	return { opened, bytes, index: 0, last: true, crc32: 0, dictionary: undefined, ...position };
}

function options(method: CompressOptions["method"], level: CompressOptions["level"] = 6): CompressOptions {
	return { method, level, pool: POOL, threads: new DeflateThreads(level), zstd: new ZstdBlocks(level) };
}

describe("compressBlock: the method of a whole entry (APPNOTE 4.4.5)", () => {
	it.each([
		["text", "auto", lines(5000), DEFLATED],
		["text", "deflate", lines(5000), DEFLATED],
		["text", "store", lines(5000), STORED],
		["noise", "auto", noise(5000), STORED],
		["much noise", "auto", noise(500_000), STORED],
		["noise", "deflate", noise(5000), DEFLATED],
		["noise", "store", noise(5000), STORED],
		["one byte", "auto", Buffer.from("x"), STORED],
		["one byte", "deflate", Buffer.from("x"), DEFLATED],
		["nothing", "auto", Buffer.of(), STORED],
		["nothing", "deflate", Buffer.of(), STORED],
		["nothing", "store", Buffer.of(), STORED],
	] as const)("keeps %s under %s as it is best read", async (_what, choice, bytes, method) => {
		const compressed = await compressBlock(block(bytes), options(choice));
		expect(compressed.method).toBe(method);
		const content = method === STORED ? compressed.data : inflateRawSync(compressed.data);
		expect(Buffer.from(content).equals(bytes)).toBe(true);
		expect(compressed.data.byteLength).toBeLessThanOrEqual(storedBlocksSize(bytes.byteLength));
	});

	it("stores what deflating would leave as long as it is", async () => {
		// Three random bytes: DEFLATE with fixed codes needs more than three.
		expect((await compressBlock(block(noise(3)), options("auto"))).method).toBe(STORED);
	});

	it.each(["directory", "symlink"] as const)("stores a %s whatever is asked for", async (kind) => {
		const compressed = await compressBlock(block(lines(500), {}, { kind }), options("deflate"));
		expect(compressed).toMatchObject({ method: STORED, data: lines(500) });
	});

	it("follows the entry before the archive", async () => {
		expect((await compressBlock(block(lines(500), {}, { method: "store" }), options("deflate"))).method).toBe(
			STORED,
		);
		expect((await compressBlock(block(noise(500), {}, { method: "deflate" }), options("store"))).method).toBe(
			DEFLATED,
		);
	});

	it("compresses better on a higher level", async () => {
		const bytes = lines(300_000);
		const fast = await compressBlock(block(bytes), options("auto", 1));
		const small = await compressBlock(block(bytes), options("auto", 9));
		expect(small.data.byteLength).toBeLessThan(fast.data.byteLength);
	});
});

describe("compressBlock: blocks of a longer entry", () => {
	it.each(["auto", "deflate"] as const)("makes one DEFLATE stream of them all under %s", async (choice) => {
		const parts = [
			lines(BLOCK_SIZE),
			noise(BLOCK_SIZE, 1),
			lines(BLOCK_SIZE),
			noise(BLOCK_SIZE, 2),
			lines(100),
		];
		const data: Uint8Array[] = [];
		for (const [index, bytes] of parts.entries()) {
			const dictionary = parts[index - 1]?.subarray(-32_768);
			const position = { index, last: index === parts.length - 1, dictionary };
			const compressed = await compressBlock(block(bytes, position), options(choice));
			expect(compressed.method).toBe(DEFLATED);
			data.push(compressed.data);
		}
		expect(inflateRawSync(Buffer.concat(data)).equals(Buffer.concat(parts))).toBe(true);
	});

	it("keeps an incompressible block within DEFLATE, unlike a whole entry", async () => {
		const bytes = noise(BLOCK_SIZE);
		const compressed = await compressBlock(block(bytes, { last: false }), options("auto"));
		expect(compressed.method).toBe(DEFLATED);
		expect(Buffer.from(compressed.data).equals(storedBlocks(bytes, false))).toBe(true);
	});

	it("refers back to the block before", async () => {
		const bytes = noise(20_000);
		const alone = await compressBlock(block(bytes, { index: 1 }), options("deflate"));
		const after = await compressBlock(block(bytes, { index: 1, dictionary: bytes }), options("deflate"));
		expect(after.data.byteLength).toBeLessThan(alone.data.byteLength / 10);
	});

	it("stores every block under store", async () => {
		const compressed = await compressBlock(block(lines(500), { last: false }), options("store"));
		expect(compressed).toMatchObject({ method: STORED, data: lines(500) });
	});

	it("never makes a block longer than stored blocks", async () => {
		for (const size of [1, 10, 16_384, 16_385, 65_535, 65_536, BLOCK_SIZE]) {
			for (const last of [true, false]) {
				const position = { index: 1, last };
				const { data } = await compressBlock(block(noise(size), position), options("deflate"));
				expect(data.byteLength).toBeLessThanOrEqual(storedBlocksSize(size));
			}
		}
	});

	it("gives the memory of a block back once its data is a copy, and not before", async () => {
		for (const [choice, contents, copied] of [
			["deflate", noise(BLOCK_SIZE), true],
			["deflate", lines(BLOCK_SIZE), true],
			["auto", lines(BLOCK_SIZE), true],
			["auto", noise(BLOCK_SIZE), false],
			["store", lines(BLOCK_SIZE), false],
		] as const) {
			const pool = new BufferPool([BLOCK_SIZE], 1);
			const bytes = pool.take(BLOCK_SIZE);
			bytes.set(contents);
			const { data } = await compressBlock(block(bytes), { ...options(choice), pool });
			expect(pool.take(BLOCK_SIZE) === bytes).toBe(copied);
			expect(data === bytes).toBe(!copied);
		}
	});
});
