import { OWN_CHUNKS } from "../../src/bytes/chunk-memory.ts";
import { DEFAULT_LOOK_AHEAD } from "../../src/sources/entry-source.ts";
import { type ArchiveOptions, archive } from "../../src/zip/archive.ts";
import type { ArchivedEntry, ArchiveSummary } from "../../src/zip/assemble.ts";
import type { Entry } from "../../src/zip/entry.ts";
import { AsTheyAre, batchesOf } from "./batches.ts";

export type Entries = Iterable<Entry> | AsyncIterable<Entry> | AsTheyAre<Entry>;

/** The archive generator with defaults, and failures of entries passed on. */
export function archiveOf(
	entries: Entries,
	options: Partial<ArchiveOptions> = {},
): AsyncGenerator<Uint8Array, ArchiveSummary, void> {
	return archive(entries instanceof AsTheyAre ? entries.batches : batchesOf(entries), {
		memory: OWN_CHUNKS,
		lookAhead: DEFAULT_LOOK_AHEAD,
		method: "auto",
		level: 6,
		comment: new Uint8Array(0),
		concurrency: 2,
		onEntry: () => {},
		onBlock: () => {},
		onUnreadable: (_entry, error) => {
			throw error;
		},
		...options,
	});
}

export async function* asyncOf<Item>(
	items: Iterable<Item> | AsyncIterable<Item>,
): AsyncGenerator<Item, void, void> {
	yield* items;
}

/** A whole archive in memory, and what its making told. */
export async function wholeArchive(
	entries: Entries,
	options: Partial<ArchiveOptions> = {},
): Promise<{ bytes: Buffer; summary: ArchiveSummary; archived: ArchivedEntry[]; chunkSizes: number[] }> {
	const archived: ArchivedEntry[] = [];
	const chunks: Uint8Array[] = [];
	const chunksOf = archiveOf(entries, { onEntry: (entry) => archived.push(entry), ...options });
	for (;;) {
		const step = await chunksOf.next();
		if (step.done) {
			const chunkSizes = chunks.map(({ byteLength }) => byteLength);
			return { bytes: Buffer.concat(chunks), summary: step.value, archived, chunkSizes };
		}
		chunks.push(step.value);
	}
}
