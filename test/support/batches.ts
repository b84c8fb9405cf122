import type { Batches } from "../../src/async/batches.ts";

/** Every item as a run of its own. */
export async function* runsOf<Item>(
	items: Iterable<Item> | AsyncIterable<Item>,
): AsyncGenerator<Iterable<Item>, void, void> {
	for await (const item of items) yield [item];
}

/** The items of all runs, one at a time. */
export async function* itemsOf<Item>(runs: Batches<Item>): AsyncGenerator<Item, void, void> {
	for await (const run of runs) yield* run;
}
