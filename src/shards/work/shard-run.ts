import { entryTeller } from "../../archive/entry-events.ts";
import { hears } from "../../archive/heard-events.ts";
import type { RunReport } from "../../archive/run-report.ts";
import { runThreads } from "../../archive/run-threads.ts";
import type { Batches } from "../../async/batches.ts";
import type { ChunkMemory } from "../../bytes/chunk-memory.ts";
import type { OpenPinned } from "../../sources/pins/open-pinned.ts";
import { archiveRun } from "../../zip/archive.ts";
import type { AssemblerOptions } from "../../zip/assemble.ts";
import type { DirectorySlice } from "../../zip/directory/slice.ts";
import type { Entry } from "../../zip/entry.ts";
import type { PlannedEntry } from "../entry-rows.ts";
import type { Manifest } from "../manifest.ts";

/** How the bytes of a shard are made. */
export interface ShardMaking {
	readonly archive: Manifest["archive"];
	readonly sources: OpenPinned;
	/** See {@link ZipOptions.compressConcurrency}. */
	readonly compressConcurrency: number;
	readonly report: RunReport;
	readonly signal: AbortSignal;
	readonly memory: ChunkMemory;
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
): AsyncGenerator<Uint8Array, DirectorySlice, void> {
	const { archive, sources, compressConcurrency, report, signal, memory, storedSize } = making;
	return archiveRun(entriesOf(rows, sources), {
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

async function* entriesOf(
	rows: Batches<PlannedEntry>,
	sources: OpenPinned,
): AsyncGenerator<Iterable<Entry>, void, void> {
	for await (const batch of rows) yield opened(batch, sources);
}

function* opened(batch: Iterable<PlannedEntry>, sources: OpenPinned): Generator<Entry, void, void> {
	for (const row of batch) yield sources.entryOf(row);
}
