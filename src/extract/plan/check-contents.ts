import { MiB } from "../../bytes/units.ts";
import type { ArchiveReader } from "../../reader/archive-reader.ts";
import { decompress, decompressNow } from "../../reader/decompress.ts";
import type { EntryFacts } from "../../reader/entry.ts";
import { isOverstated } from "../../reader/methods.ts";
import { readInRuns } from "../../reader/runs.ts";
import { chosenEntries, toBeRead } from "./chosen-entries.ts";
import { isNear } from "./near-archive.ts";
import type { ExtractionPlan } from "./plan-extraction.ts";

/** Bytes of content that are decompressed twice rather than written in vain; some hundredths of a second. */
const MOST_CONTENT = 4 * MiB;

/**
 * Decompresses what is going to be extracted, if that is little and near, and what cannot be right, and refuses what is damaged while
 * nothing has been written.
 *
 * @throws {ArchiveError} `ENTRY_CORRUPT`, `INVALID_ARCHIVE`
 */
export async function checkContents(
	reader: ArchiveReader,
	plan: ExtractionPlan,
	signal: AbortSignal | undefined,
): Promise<void> {
	const all = plan.size <= MOST_CONTENT && isNear(reader);
	if (!all && plan.overstatedCount === 0) return;
	const { location } = reader.source;
	const isChecked = (entry: EntryFacts) => entry.kind === "file" && (all || isOverstated(entry));
	const files = toBeRead(chosenEntries(reader, plan, signal, isChecked), plan);
	for await (const runs of readInRuns(reader, files, { runSize: MiB, concurrency: 2, signal }))
		for (const run of runs)
			for (const fetched of run) {
				signal?.throwIfAborted();
				const { entry } = fetched;
				if ("data" in fetched) decompressNow(location, entry, fetched.data);
				else
					for await (const _ of decompress(location, entry, fetched.stream(signal))) {
						// Its CRC-32 is computed on the way.
					}
			}
}
