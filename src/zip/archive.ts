import { anySignal } from "../async/any-signal.ts";
import type { Batches } from "../async/batches.ts";
import { Iteration } from "../async/iteration.ts";
import { mapInOrder } from "../async/map-in-order.ts";
import { Turns } from "../async/turns.ts";
import { BufferPool } from "../bytes/buffer-pool.ts";
import { KiB } from "../bytes/units.ts";
import { type ArchiveSummary, type AssembleOptions, assemble, assembleRun } from "./assemble.ts";
import { type CompressedBlock, compressBlock } from "./blocks/compress-block.ts";
import { roomToDeflate } from "./blocks/deflate-into.ts";
import { DeflateThreads } from "./blocks/deflate-threads.ts";
import { type Block, type LookAhead, readBlocks } from "./blocks/read-blocks.ts";
import { storedBlocksSize } from "./blocks/stored-blocks.ts";
import { StoredStart } from "./blocks/stored-start.ts";
import { ZstdBlocks } from "./blocks/zstd/zstd-blocks.ts";
import { coalesce } from "./coalesce.ts";
import type { DirectorySlice } from "./directory/slice.ts";
import type { Entry, Level, MethodChoice } from "./entry.ts";
import { BLOCK_SIZE } from "./format/limits.ts";
import { levelOf } from "./levels.ts";
import { finishRuns } from "./runs/finish-runs.ts";
import { type RunThreadOptions, RunThreads } from "./runs/run-threads.ts";
import { type FinishedRun, type ForeignRange, heldSizeOf, type Span } from "./spans.ts";

/** Small enough to flow, large enough that a chunk's turn costs little. */
const CHUNK_SIZE = 256 * KiB;

/** Small blocks under way at once, enough for a few batches; large ones are limited by their bytes. */
const MAX_BLOCKS = 384;

export interface ArchiveOptions extends AssembleOptions {
	readonly method: MethodChoice;
	/** See {@link levelOf}. */
	readonly level: Level | undefined;
	/** Blocks compressed at once, at least 1. Does not change the archive. */
	readonly concurrency: number;
	/** As the sources need it. Does not change the archive. */
	readonly lookAhead: LookAhead;
	readonly signal?: AbortSignal | undefined;
	/** There if threads of this process may read files. Does not change the archive. */
	readonly runThreads?: RunThreadOptions | undefined;
	/** See {@link ReadOptions.onUnreadable}. */
	readonly onUnreadable: (entry: Entry, error: unknown) => void;
}

/** How a run of entries is made, which is a part of an archive. */
export interface RunOptions extends Omit<ArchiveOptions, "comment" | "start" | "placement"> {
	/**
	 * The first blocks are not compressed until so many bytes of them are stored, so that the run has at least as many:
	 * see {@link StoredStart}.
	 *
	 * @defaultValue `0`
	 */
	readonly storedSize?: number | undefined;
}

/**
 * A ZIP archive of the entries, in their order, as chunks of up to 1 MiB.
 *
 * Entries → runs made by threads, blocks of all else → compressed blocks → records and data. Nothing is read until the first chunk is
 * asked for, and reading runs ahead of the consumer by a few MiB at most. Ending the iteration early
 * closes every open entry. The same entries and options give the same bytes.
 *
 * @param entries - Among them runs that are finished, in their places.
 * @returns what there is to say about the whole, as the generator's return value.
 */
export function archive<Range extends ForeignRange = never>(
	entries: Batches<Entry | FinishedRun<Range>>,
	options: ArchiveOptions,
): AsyncGenerator<Span<Range>, ArchiveSummary, void> {
	return chunksOf(entries, options, (items) => assemble(items, options));
}

/**
 * The same without the central directory: a run that can stand anywhere in an archive. The runs of all entries, one after the other,
 * are what {@link archive} makes of them, but for `storedSize`.
 *
 * @returns its part of the central directory.
 */
export function archiveRun<Range extends ForeignRange = never>(
	entries: Batches<Entry | FinishedRun<Range>>,
	options: RunOptions,
): AsyncGenerator<Span<Range>, DirectorySlice, void> {
	return chunksOf(entries, options, (items) => assembleRun(items, options));
}

/** Sizes between {@link BufferPool}'s small buffers and that of a block, for files and data that are shorter than one. */
const PIECE_SIZES = [128 * KiB, 256 * KiB, 512 * KiB];

/** Memory for blocks, and for what becomes of them. */
function poolFor({ memory: { reusable }, concurrency }: RunOptions): BufferPool {
	const room = roomToDeflate(BLOCK_SIZE);
	// Each block under way has its bytes and its data.
	if (reusable) return new BufferPool([...PIECE_SIZES, room], 2 * (concurrency + 2), { roundsUp: true });
	return new BufferPool([BLOCK_SIZE, storedBlocksSize(BLOCK_SIZE), room], concurrency + 2);
}

type Assembling<Result, Range extends ForeignRange> = (
	items: Batches<CompressedBlock | FinishedRun<Range>>,
) => AsyncGenerator<Iterable<Span<Range>>, Result, void>;

async function* chunksOf<Result, Range extends ForeignRange>(
	entries: Batches<Entry | FinishedRun<Range>>,
	options: RunOptions,
	assembling: Assembling<Result, Range>,
): AsyncGenerator<Span<Range>, Result, void> {
	const { signal, memory, method, storedSize = 0 } = options;
	const { placeAt, busy } = memory;
	const ending = new AbortController();
	const { signal: anyEnd, release } = anySignal(signal, ending.signal);
	const pool = poolFor(options);
	const onStop = () => ending.abort();
	const reading = { ...options, signal: anyEnd, onStop, pool, placeAt, busy };
	const level = levelOf("deflate", options.level);
	const storedStart = storedSize > 0 ? new StoredStart(storedSize) : undefined;
	// Threads know nothing of what stands before their runs.
	const runThreads =
		options.runThreads && storedStart === undefined
			? new RunThreads(options.runThreads, { method, level: levelOf(method, options.level) })
			: undefined;
	const runs = runThreads === undefined ? entries : finishRuns(entries, runThreads, anyEnd, onStop);
	const blocks = readBlocks(runs, reading);
	const zstd = new ZstdBlocks(levelOf("zstd", options.level));
	// While one group of a long frame is compressed, the next one fills; its blocks have been copied, and wait in line all the same.
	const filling = method === "zstd" ? zstd.groupSize : 0;
	const limit = {
		count: MAX_BLOCKS,
		weight: options.concurrency * BLOCK_SIZE + filling,
		weigh: (item: Block | FinishedRun<Range>) => ("spans" in item ? heldSizeOf(item) : item.bytes.byteLength),
	};
	const threads = new DeflateThreads(level);
	const compressing = { method, level, pool, threads, zstd, storedStart };
	const compress = (item: Block | FinishedRun<Range>) =>
		"spans" in item ? item : compressBlock(item, compressing);
	const compressed = mapInOrder(blocks, compress, limit, { onStop: () => zstd.close() });
	// On an early end, a source that stalls would keep the others from being closed.
	const chunks = new Iteration(
		coalesce(assembling(compressed), CHUNK_SIZE, memory, (chunk) => pool.give(chunk)),
		() => ending.abort(),
	);
	const turns = new Turns();
	try {
		signal?.throwIfAborted();
		for await (const chunk of chunks) {
			yield chunk;
			if (memory.reusable && chunk instanceof Uint8Array) pool.give(chunk);
			signal?.throwIfAborted(); // also where nothing has to be waited for
			if (turns.due) await turns.give();
		}
		return chunks.result;
	} finally {
		release();
		zstd.close();
		await Promise.all([threads.close(), runThreads?.close()]);
	}
}
