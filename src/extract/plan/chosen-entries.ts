import type { Batches } from "../../async/batches.ts";
import type { ArchiveReader } from "../../reader/archive-reader.ts";
import { inDataOrder } from "../../reader/directory/data-order.ts";
import type { EntryFacts } from "../../reader/entry.ts";
import type { PlacedEntry } from "../target.ts";
import { placeEntry } from "./place-entry.ts";
import type { ExtractionPlan } from "./plan-extraction.ts";

/**
 * The entries that are going to be extracted, with their places, in the order of the directory.
 *
 * @param isWanted - Leaves others out.
 */
export async function* chosenEntries(
	reader: ArchiveReader,
	{ chosen, placing }: Pick<ExtractionPlan, "chosen" | "placing">,
	signal: AbortSignal | undefined,
	isWanted: (entry: EntryFacts) => boolean = () => true,
): AsyncGenerator<Iterable<PlacedEntry>, void, void> {
	for await (const batch of reader.entries(signal)) yield placedOf(batch);

	function* placedOf(batch: Iterable<EntryFacts>): Generator<PlacedEntry, void, void> {
		for (const entry of batch) {
			if (!chosen.has(entry.index) || !isWanted(entry)) continue;
			const placed = placeEntry(entry, placing);
			if (placed !== undefined) yield placed;
		}
	}
}

/** The same for those who read their data: in an order in which neighbours can be read together. */
export function toBeRead(
	entries: Batches<PlacedEntry>,
	{ ordered }: Pick<ExtractionPlan, "ordered">,
): Batches<PlacedEntry> {
	return ordered ? entries : inDataOrder(entries);
}
