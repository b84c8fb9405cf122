import type { Batches } from "../../async/batches.ts";
import type { ArchiveReader } from "../../reader/archive-reader.ts";
import { type ComparedEntry, entryOfArchive } from "./compared-entry.ts";
import { PackedEntries } from "./packed-entries.ts";

/** The entries of an archive, from its directory alone. */
export async function* archiveEntries(
	reader: ArchiveReader,
	signal: AbortSignal | undefined,
): Batches<ComparedEntry> & AsyncGenerator<Iterable<ComparedEntry>, void, void> {
	for await (const batch of reader.entries(signal)) yield compared(batch);
}

function* compared(batch: Iterable<Parameters<typeof entryOfArchive>[0]>) {
	for (const entry of batch) yield entryOfArchive(entry);
}

/** The same, to be found by their names. */
export async function packArchive(
	reader: ArchiveReader,
	signal: AbortSignal | undefined,
): Promise<PackedEntries> {
	const packed = new PackedEntries(reader.end.entryCount);
	for await (const batch of archiveEntries(reader, signal)) for (const entry of batch) packed.add(entry);
	return packed;
}
