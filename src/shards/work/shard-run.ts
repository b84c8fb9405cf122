import { entryTeller } from "../../archive/entry-events.ts";
import { hears } from "../../archive/heard-events.ts";
import type { RunReport } from "../../archive/run-report.ts";
import { runThreads } from "../../archive/run-threads.ts";
import type { Batches } from "../../async/batches.ts";
import type { ChunkMemory } from "../../bytes/chunk-memory.ts";
import { type CopyTrial, prepareObjects } from "../../compose/objects/prepare-objects.ts";
import type { OpenPinned, PinnedEntry } from "../../sources/pins/open-pinned.ts";
import type { BodyPiece, ObjectRange } from "../../storage/parts/object-range.ts";
import { archiveRun } from "../../zip/archive.ts";
import type { AssemblerOptions } from "../../zip/assemble.ts";
import type { DirectorySlice } from "../../zip/directory/slice.ts";
import type { FinishedRun } from "../../zip/spans.ts";
import type { PlannedEntry } from "../entry-rows.ts";
import type { Manifest, ShardCopy } from "../manifest.ts";

/** What the storage copies of a shard, and how its CRC-32 is known. */
interface ShardCopying {
	readonly copies: readonly ShardCopy[];
	/** Bytes at the beginning of each object that are sent. */
	readonly startSize: number;
	/** See {@link ObjectsOptions.openTrial}. */
	readonly openTrial: (() => CopyTrial) | undefined;
}

/** How the bytes of a shard are made. */
export interface ShardMaking {
	readonly archive: Manifest["archive"];
	readonly sources: OpenPinned;
	/** See {@link ZipOptions.compressConcurrency}. */
	readonly compressConcurrency: number;
	readonly report: RunReport;
	readonly signal: AbortSignal;
	readonly memory: ChunkMemory;
	readonly copying: ShardCopying;
	/** See {@link RunOptions.storedSize}. */
	readonly storedSize: number;
	/** Entries in it. */
	readonly entryCount: number;
	/** See {@link AssemblerOptions.onBlock}. */
	readonly onBlock: AssemblerOptions["onBlock"];
}

/** The bytes of a shard: all of its entries, or an error. */
export function shardRun(
	rows: Batches<PlannedEntry>,
	making: ShardMaking,
): AsyncGenerator<BodyPiece, DirectorySlice, void> {
	const { archive, sources, compressConcurrency, report, signal, memory, storedSize } = making;
	return archiveRun(withCopies(entriesOf(rows, sources), making), {
		...{ method: archive.method, level: archive.level, concurrency: compressConcurrency },
		...{ signal, memory, storedSize, lookAhead: sources.lookAhead, onBlock: making.onBlock },
		runThreads: sources.hasThreadFiles ? runThreads(compressConcurrency, making.entryCount) : undefined,
		// What is missing here would be missing in an archive that others take for whole.
		onUnreadable: (_entry, error) => {
			throw error;
		},
		onEntries: report.onEntries,
		onEntry: hears(report.onEvent, "entry") ? entryTeller(report.onEvent) : undefined,
	});
}

/** The entries, and runs of those that the storage copies. */
function withCopies(
	entries: Batches<PinnedEntry>,
	{ copying: { copies, startSize, openTrial }, signal }: ShardMaking,
): Batches<PinnedEntry | FinishedRun<ObjectRange>> {
	if (copies.length === 0) return entries;
	let [entryCount, copyCount] = [0, 0];
	const choose = ({ stored, size = 0, origin }: PinnedEntry) => {
		const copy = copies[copyCount];
		if (copy?.entry !== entryCount++) return undefined;
		copyCount += 1;
		if (stored === undefined) throw new TypeError(`${origin} is no object that the storage could copy`);
		return { stored, endSize: size - copy.offset - copy.byteLength };
	};
	return prepareObjects(entries, { choose, startSize, trial: openTrial?.(), onPrepared: () => {}, signal });
}

async function* entriesOf(
	rows: Batches<PlannedEntry>,
	sources: OpenPinned,
): AsyncGenerator<Iterable<PinnedEntry>, void, void> {
	for await (const batch of rows) yield opened(batch, sources);
}

function* opened(batch: Iterable<PlannedEntry>, sources: OpenPinned): Generator<PinnedEntry, void, void> {
	for (const row of batch) yield sources.entryOf(row);
}
