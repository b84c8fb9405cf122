import type { Batches } from "../../async/batches.ts";
import type { EntryFacts } from "../entry.ts";

/** Entries that are held to be sorted: some 10 MiB. */
const WINDOW = 10_000;

/**
 * Brings entries of an archive whose directory has another order than its data into the order of the data, some thousands at a time: most
 * neighbours come behind each other then, and memory does not depend on their number.
 */
export async function* inDataOrder<Entry extends EntryFacts>(
	batches: Batches<Entry>,
	window: number = WINDOW,
): AsyncGenerator<Iterable<Entry>, void, void> {
	let held: Entry[] = [];
	for await (const batch of batches) {
		for (const entry of batch) {
			held.push(entry);
			if (held.length < window) continue;
			yield held.sort(byOffset);
			held = [];
		}
	}
	yield held.sort(byOffset);
}

export function byOffset(one: EntryFacts, other: EntryFacts): number {
	return one.offset - other.offset;
}
