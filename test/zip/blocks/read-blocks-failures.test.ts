import { describe, expect, it } from "vitest";
import { BufferPool } from "../../../src/bytes/buffer-pool.ts";
import { MiB } from "../../../src/bytes/units.ts";
import { type Block, type ReadOptions, readBlocks } from "../../../src/zip/blocks/read-blocks.ts";
import type { Entry, EntryReader } from "../../../src/zip/entry.ts";
import { BLOCK_SIZE } from "../../../src/zip/format/limits.ts";
import { batchesOf, itemsOf } from "../../support/batches.ts";
import { noise } from "../../support/bytes.ts";
import { entryOf, failingReader, fileEntry, OpenReaders, readerOf } from "../../support/entries.ts";
import { Gate, settled } from "../../support/gate.ts";
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

function never<T>(): Promise<T> {
	return new Promise<T>(() => {});
}

describe("readBlocks with sources that fail", () => {
	it.each([
		["opening", () => Promise.reject(new Error("broken"))],
		["the first byte", () => failingReader(0, new Error("broken"))],
		["the last byte of the first block", () => failingReader(BLOCK_SIZE - 1, new Error("broken"))],
		["looking for an end at the block border", () => failingReader(BLOCK_SIZE, new Error("broken"))],
	] as const)("asks what to do about a failure at %s, and leaves the entry out", async (_where, open) => {
		const unreadable: string[] = [];
		const readers = new OpenReaders();
		const entries = [fileEntry("a", "1"), entryOf("b", open), fileEntry("c", "3")].map((entry) =>
			readers.watch(entry),
		);
		const onUnreadable = (entry: Entry, error: unknown) =>
			void unreadable.push(`${entry.origin}: ${error instanceof Error ? error.message : ""}`);
		const blocks = await all(blocksOf(entries, { onUnreadable }));
		expect(blocks.map(({ opened }) => opened.entry.origin)).toEqual(["a", "c"]);
		expect(unreadable).toEqual(["b: broken"]);
		expect(readers.open.size).toBe(0);
	});

	it("fails for good once the first block is out", async () => {
		const failure = new Error("broken");
		const readers = new OpenReaders();
		const entry = readers.watch(entryOf("b", () => failingReader(2 * BLOCK_SIZE, failure)));
		const blocks = blocksOf([entry, fileEntry("c", "3")], { onUnreadable: () => {} });
		expect((await blocks.next()).value).toMatchObject({ index: 0, last: false });
		await expect(blocks.next()).rejects.toBe(failure);
		expect(readers.open.size).toBe(0);
	});

	it.each([
		[10, 0],
		[10, 9],
		[BLOCK_SIZE + 10, BLOCK_SIZE - 1],
	])("refuses %d bytes that end after %d before any is out", async (size, ends) => {
		const entry = entryOf("f", () => ({ ...readerOf(noise(ends)), size }));
		const failed = all(blocksOf([entry]));
		await expect(failed).rejects.toMatchObject({ code: "SOURCE_CHANGED", origin: "f" });
		await expect(failed).rejects.toThrow(`f ended after ${ends} of ${size} bytes`);
	});

	it.each([
		[BLOCK_SIZE + 10, BLOCK_SIZE],
		[BLOCK_SIZE + 10, BLOCK_SIZE + 9],
		[2 * BLOCK_SIZE, 2 * BLOCK_SIZE - 1],
	])("refuses %d bytes that end after %d while they go out", async (size, ends) => {
		const entry = entryOf("f", () => ({ ...readerOf(noise(ends)), size }));
		const blocks = blocksOf([entry], { onUnreadable: () => {} });
		await blocks.next();
		await expect(blocks.next()).rejects.toThrow(`f ended after ${ends} of ${size} bytes`);
	});

	it("reads no more than the size known at opening", async () => {
		const entry = entryOf("log", () => ({ ...readerOf(noise(BLOCK_SIZE + 500)), size: BLOCK_SIZE + 5 }));
		const blocks = await all(blocksOf([entry]));
		expect(blocks.map(({ bytes }) => bytes.byteLength)).toEqual([BLOCK_SIZE, 5]);
	});

	it("reports the failure to read, not the failure to close after it", async () => {
		const failure = new Error("read");
		const close = () => Promise.reject(new Error("close"));
		const first = entryOf("f", () => ({ ...failingReader(0, failure), close }));
		await expect(all(blocksOf([first]))).rejects.toBe(failure);
		const later = entryOf("f", () => ({ ...failingReader(2 * BLOCK_SIZE, failure), close }));
		await expect(all(blocksOf([later]))).rejects.toBe(failure);
	});
});

describe("readBlocks under an AbortSignal", () => {
	const reason = new Error("enough");
	const stalled: readonly (readonly [string, () => EntryReader | Promise<EntryReader>])[] = [
		["opening stalls", () => never<EntryReader>()],
		[
			"the first read stalls",
			() => ({ ...readerOf(noise(0)), size: undefined, read: () => never<number>() }),
		],
		["a later read stalls", () => stallingReader(BLOCK_SIZE + 10)],
		["reading and closing stall", () => ({ ...stallingReader(BLOCK_SIZE + 10), close: () => never<void>() })],
	];

	it.each(stalled)("gives up at once where %s", async (_where, open) => {
		const controller = new AbortController();
		const blocks = blocksOf([entryOf("f", open)], { signal: controller.signal, onUnreadable: () => {} });
		const read = all(blocks);
		await settled();
		controller.abort(reason);
		await expect(read).rejects.toBe(reason);
	});

	it("tells an opening that stalls", async () => {
		const controller = new AbortController();
		const told: unknown[] = [];
		const open = (signal: AbortSignal) => {
			signal.addEventListener("abort", () => told.push(signal.reason));
			return never<EntryReader>();
		};
		const read = all(blocksOf([entryOf("f", open)], { signal: controller.signal }));
		await settled();
		controller.abort(reason);
		await expect(read).rejects.toBe(reason);
		expect(told).toEqual([reason]);
	});

	it("closes a reader whose opening ends only after the abort", async () => {
		const controller = new AbortController();
		const gate = new Gate<EntryReader>();
		const readers = new OpenReaders();
		const entry = readers.watch(entryOf("f", () => gate.passed));
		const read = all(blocksOf([entry], { signal: controller.signal }));
		await settled();
		controller.abort(reason);
		await expect(read).rejects.toBe(reason);
		gate.open(readerOf(noise(10)));
		await settled();
		expect([readers.opened, readers.open.size]).toEqual([1, 0]);
	});

	it("opens nothing under a signal that has aborted", async () => {
		const readers = new OpenReaders();
		const entries = [readers.watch(fileEntry("f", "x"))];
		await expect(all(blocksOf(entries, { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
		expect(readers.opened).toBe(0);
	});
});

/** Gives bytes, then never answers again. */
function stallingReader(before: number): EntryReader {
	let left = before;
	return {
		size: undefined,
		read(into) {
			if (left === 0) return never<number>();
			const count = Math.min(left, into.byteLength);
			left -= count;
			return count;
		},
		close() {},
	};
}
