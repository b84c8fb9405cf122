import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { BufferPool } from "../../../src/bytes/buffer-pool.ts";
import { MiB } from "../../../src/bytes/units.ts";
import { type Block, type ReadOptions, readBlocks } from "../../../src/zip/blocks/read-blocks.ts";
import type { Entry, EntryReader } from "../../../src/zip/entry.ts";
import { BLOCK_SIZE } from "../../../src/zip/format/limits.ts";
import { batchesOf, itemsOf } from "../../support/batches.ts";
import { noise } from "../../support/bytes.ts";
import {
	directoryEntry,
	entryOf,
	fileEntry,
	OpenReaders,
	readerOf,
	symlinkEntry,
} from "../../support/entries.ts";
import { settled } from "../../support/gate.ts";
import { NEVER } from "../../support/signals.ts";

function blocksOf(
	entries: Iterable<Entry>,
	options: Partial<ReadOptions> = {},
): AsyncGenerator<Block, void, void> {
	const onUnreadable = (_entry: Entry, error: unknown) => {
		throw error;
	};
	const lookAhead = { count: 16, size: 8 * MiB };
	const defaults = { onUnreadable, signal: NEVER, lookAhead, pool: new BufferPool([BLOCK_SIZE], 0) };
	return itemsOf(readBlocks<never>(batchesOf(entries), { ...defaults, ...options }));
}

async function all(blocks: AsyncIterable<Block>): Promise<Block[]> {
	const found: Block[] = [];
	for await (const block of blocks) found.push(block);
	return found;
}

describe("readBlocks", () => {
	it.each([
		[0, [0]],
		[1, [1]],
		[BLOCK_SIZE - 1, [BLOCK_SIZE - 1]],
		[BLOCK_SIZE, [BLOCK_SIZE]],
		[BLOCK_SIZE + 1, [BLOCK_SIZE, 1]],
		[2 * BLOCK_SIZE, [BLOCK_SIZE, BLOCK_SIZE]],
		[2 * BLOCK_SIZE + 1, [BLOCK_SIZE, BLOCK_SIZE, 1]],
	])("cuts %d bytes at multiples of the block size, and knows the last block", async (size, sizes) => {
		const content = noise(size);
		for (const sizeKnown of [true, false]) {
			for (const readSize of [100_003, Number.POSITIVE_INFINITY]) {
				const blocks = await all(blocksOf([fileEntry("f", content, { sizeKnown, readSize })]));
				expect(blocks.map(({ bytes }) => bytes.byteLength)).toEqual(sizes);
				expect(blocks.map(({ index }) => index)).toEqual([...sizes.keys()]);
				expect(blocks.map(({ last }) => last)).toEqual(sizes.map((_, index) => index === sizes.length - 1));
				expect(blocks.at(-1)?.crc32).toBe(crc32(content));
				expect(Buffer.concat(blocks.map(({ bytes }) => bytes)).equals(content)).toBe(true);
			}
		}
	});

	it("gives each block the end of the one before, for DEFLATE to refer to", async () => {
		const content = noise(2 * BLOCK_SIZE + 10);
		const blocks = await all(blocksOf([fileEntry("f", content)]));
		expect(blocks.map(({ dictionary }) => dictionary?.byteLength)).toEqual([undefined, 32_768, 32_768]);
		expect(
			Buffer.from(blocks[1]?.dictionary ?? []).equals(content.subarray(BLOCK_SIZE - 32_768, BLOCK_SIZE)),
		).toBe(true);
	});

	it.each([true, false])("says of data that has a place whether the thread is busy: %s", async (busy) => {
		const content = noise(3 * BLOCK_SIZE);
		const said: (boolean | undefined)[] = [];
		const entry = fileEntry("f", content);
		const open: Entry["open"] = async (signal) => {
			const reader = await entry.open(signal);
			const read: EntryReader["read"] = (into, isBusy) => {
				said.push(isBusy);
				return reader.read(into);
			};
			return Object.assign(Object.create(reader), { read, close: () => reader.close() });
		};
		const placeAt = (_: number, size: number) => Buffer.alloc(Math.min(size, BLOCK_SIZE));
		const { readAtOnce: _, ...rest } = entry;
		for await (const { opened } of blocksOf([{ ...rest, open }], { placeAt, busy })) opened.storedAt = 0;
		expect(said).toEqual([false, busy, busy]);
	});

	it("lets a block be used again as soon as it is handed on", async () => {
		const pool = new BufferPool([BLOCK_SIZE], 4);
		const content = noise(3 * BLOCK_SIZE);
		for await (const { index, bytes, dictionary } of blocksOf([fileEntry("f", content)], { pool })) {
			const offset = index * BLOCK_SIZE;
			expect(Buffer.from(bytes).equals(content.subarray(offset, offset + BLOCK_SIZE))).toBe(true);
			if (dictionary !== undefined) {
				expect(Buffer.from(dictionary).equals(content.subarray(offset - 32_768, offset))).toBe(true);
			}
			bytes.fill(0);
			pool.give(bytes);
		}
	});

	it("takes time and mode as they are at opening", async () => {
		const entry = entryOf("f", () => ({ ...readerOf(Buffer.from("x")), mtimeMs: 5000, mode: 0o600 }));
		const [block] = await all(blocksOf([entry]));
		expect(block?.opened).toMatchObject({ mtimeMs: 5000, mode: 0o600, size: 1 });
	});

	it("does not open a directory, and reads a link's target", async () => {
		const blocks = await all(blocksOf([directoryEntry("d/"), symlinkEntry("l", "target")]));
		expect(blocks.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(["", "target"]);
	});

	it("opens ahead, not further than its limit, and not before it is asked", async () => {
		const readers = new OpenReaders();
		const entries = Array.from({ length: 100 }, (_, index) =>
			readers.watch(fileEntry(`${index}`, noise(10))),
		);
		const blocks = blocksOf(entries);
		await settled();
		expect(readers.opened).toBe(0);
		await blocks.next();
		await settled();
		expect(readers.opened).toBeGreaterThan(1);
		expect(readers.opened).toBeLessThanOrEqual(17);
		await blocks.return();
		expect(readers.open.size).toBe(0);
	});

	it("closes a whole file before anybody takes its block", async () => {
		const readers = new OpenReaders();
		const blocks = blocksOf([readers.watch(fileEntry("f", noise(10)))]);
		await blocks.next();
		expect([readers.opened, readers.open.size]).toEqual([1, 0]);
		await blocks.return();
	});

	it.each([1, 2])("closes a long file when its reader stops after block %d", async (count) => {
		const readers = new OpenReaders();
		const blocks = blocksOf([readers.watch(fileEntry("f", noise(3 * BLOCK_SIZE)))]);
		for (let taken = 0; taken < count; taken++) await blocks.next();
		expect(readers.open.size).toBe(1);
		await blocks.return();
		expect(readers.open.size).toBe(0);
	});

	it.each([1, 5, 40])("opens as many ahead as the source says: %d", async (count) => {
		const readers = new OpenReaders();
		const entries = Array.from({ length: 50 }, (_, index) => readers.watch(fileEntry(`${index}`, "x")));
		const lookAhead = { count, size: 8 * MiB };
		const blocks = readBlocks(batchesOf(entries), {
			lookAhead,
			signal: NEVER,
			pool: new BufferPool([BLOCK_SIZE], 0),
			onUnreadable: () => {},
		});
		await blocks.next();
		await settled();
		expect(readers.opened).toBe(count);
		await blocks.return();
	});

	it("closes what it opened ahead when its reader stops", async () => {
		const readers = new OpenReaders();
		const entries = [1, 2, 3, 4].map((index) =>
			readers.watch(fileEntry(`${index}`, noise(2 * BLOCK_SIZE, index))),
		);
		const blocks = blocksOf(entries);
		await blocks.next();
		await settled();
		expect(readers.open.size).toBe(4);
		await blocks.return();
		expect(readers.open.size).toBe(0);
	});
});
