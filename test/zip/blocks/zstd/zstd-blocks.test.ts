import { afterEach, describe, expect, it } from "vitest";
import { BufferPool } from "../../../../src/bytes/buffer-pool.ts";
import { decompressFrame } from "../../../../src/bytes/zstd/decompress-frame.js";
import type { CompressedBlock } from "../../../../src/zip/blocks/compressed-block.ts";
import type { OpenEntry } from "../../../../src/zip/blocks/read-blocks.ts";
import { ZstdBlocks } from "../../../../src/zip/blocks/zstd/zstd-blocks.ts";
import { zstdBound } from "../../../../src/zip/blocks/zstd/zstd-bound.ts";
import { BLOCK_SIZE } from "../../../../src/zip/format/limits.ts";
import { STORED, ZSTD } from "../../../../src/zip/format/records.ts";
import { lines, noise } from "../../../support/bytes.ts";
import { fileEntry } from "../../../support/entries.ts";
import { hasZstd, IF_ZSTD } from "../../../support/zstd.ts";

const POOL = new BufferPool([BLOCK_SIZE], 4);
const opened: ZstdBlocks[] = [];

function blocksOf(level = 3): ZstdBlocks {
	const blocks = new ZstdBlocks(level);
	opened.push(blocks);
	return blocks;
}

afterEach(() => {
	for (const blocks of opened.splice(0)) blocks.close();
});

/** Gives an entry to the encoder, block by block; memory of the pool is used again at once. */
function added(blocks: ZstdBlocks, content: Uint8Array): (CompressedBlock | Promise<CompressedBlock>)[] {
	const entry = fileEntry("name", content);
	const entryOpened: OpenEntry = { entry, mtimeMs: 0, mode: 0, size: content.byteLength };
	const results: (CompressedBlock | Promise<CompressedBlock>)[] = [];
	for (let at = 0, index = 0; at < content.byteLength; at += BLOCK_SIZE, index++) {
		const piece = content.subarray(at, at + BLOCK_SIZE);
		const bytes = POOL.take(piece.byteLength);
		bytes.set(piece);
		const last = at + BLOCK_SIZE >= content.byteLength;
		const block = { opened: entryOpened, bytes, index, last, crc32: 0, dictionary: undefined };
		results.push(blocks.compress(block, POOL));
	}
	return results;
}

async function joined(results: readonly (CompressedBlock | Promise<CompressedBlock>)[]) {
	const done = await Promise.all(results);
	const pieces = done.flatMap(({ data, more = [] }) => [data, ...more]);
	return { methods: new Set(done.map(({ method }) => method)), pieces, data: Buffer.concat(pieces) };
}

describe.skipIf(!hasZstd)(`ZstdBlocks${IF_ZSTD}`, () => {
	it.each([1, 500, 32 * 1024, 32 * 1024 + 1, BLOCK_SIZE])("makes one frame of %d bytes", async (size) => {
		const content = Buffer.alloc(size, "text that is repeated, ".repeat(9));
		const { methods, data } = await joined(added(blocksOf(), content));
		if (size === 1) {
			expect([...methods]).toEqual([STORED]);
			return;
		}
		expect([...methods]).toEqual([ZSTD]);
		const { output, used } = decompressFrame(data, size);
		expect(used).toBe(data.byteLength);
		expect(output.equals(content)).toBe(true);
	});

	it.each([20, 5000, 100_000, BLOCK_SIZE])("stores %d bytes that do not get smaller", async (size) => {
		const content = noise(size);
		const { methods, data } = await joined(added(blocksOf(), content));
		expect([...methods]).toEqual([STORED]);
		expect(data.equals(content)).toBe(true);
	});

	it.each([
		["a byte more than a block", BLOCK_SIZE + 1],
		["a group", 8 * BLOCK_SIZE],
		["a byte more than a group", 8 * BLOCK_SIZE + 1],
		["two groups and a half", 20 * BLOCK_SIZE],
	])("makes one frame of %s", async (_what, size) => {
		const content = lines(size);
		const { methods, pieces, data } = await joined(added(blocksOf(), content));
		expect([...methods]).toEqual([ZSTD]);
		const { output, used } = decompressFrame(data, size);
		expect(used).toBe(data.byteLength);
		expect(output.equals(content)).toBe(true);
		expect(Math.max(...pieces.map(({ byteLength }) => byteLength))).toBeLessThanOrEqual(BLOCK_SIZE);
	});

	it.each([12, 13, 19])(
		"makes one frame of several groups on level %d, of the text in each",
		async (level) => {
			const content = lines(9 * BLOCK_SIZE + 1);
			const { pieces, data } = await joined(added(blocksOf(level), content));
			const { output, used } = decompressFrame(data, content.byteLength);
			expect(used).toBe(data.byteLength);
			expect(output.equals(content)).toBe(true);
			expect(Math.max(...pieces.map(({ byteLength }) => byteLength))).toBeLessThanOrEqual(BLOCK_SIZE);
		},
	);

	it("waits for no more than a block on levels that take long", async () => {
		const blocks = blocksOf(19);
		const content = noise(3 * BLOCK_SIZE);
		const [first = []] = (await Promise.all(added(blocks, content))).map(({ more }) => more);
		// All of the first block has come out before another one has been taken.
		expect(Buffer.concat([...first]).byteLength).toBeGreaterThanOrEqual(BLOCK_SIZE);
	});

	it("lets what does not get smaller grow by no more than it says", async () => {
		const content = noise(10 * BLOCK_SIZE);
		const { methods, data } = await joined(added(blocksOf(), content));
		expect([...methods]).toEqual([ZSTD]);
		expect(data.byteLength).toBeGreaterThan(content.byteLength);
		expect(data.byteLength).toBeLessThanOrEqual(zstdBound(content.byteLength));
	});

	it("keeps entries apart that are under way at the same time, and makes the same of them", async () => {
		const blocks = blocksOf();
		const contents = [lines(9 * BLOCK_SIZE), noise(3 * BLOCK_SIZE), lines(2 * BLOCK_SIZE)];
		const together = await Promise.all(contents.map((content) => joined(added(blocks, content))));
		for (const [index, content] of contents.entries()) {
			const alone = await joined(added(blocksOf(), content));
			expect(together[index]?.data.equals(alone.data)).toBe(true);
		}
	});

	it("compresses short and long entries on its level", async () => {
		for (const content of [lines(20_000), lines(2 * BLOCK_SIZE)]) {
			const [one, other] = await Promise.all([1, 9].map((level) => joined(added(blocksOf(level), content))));
			expect(one?.data.equals(other?.data ?? Buffer.of())).toBe(false);
		}
	});

	it("fails what is under way when it is closed, and leaves nothing waiting", async () => {
		const blocks = blocksOf();
		const results = added(blocks, lines(20 * BLOCK_SIZE));
		blocks.close();
		const settled = await Promise.allSettled(results.map(async (result) => result));
		expect(settled.some(({ status }) => status === "rejected")).toBe(true);
	});
});
