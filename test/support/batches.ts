import type { Batches } from "../../src/async/batches.ts";

/** Batches that are taken as they are where items are asked for. */
export class AsTheyAre<Item> {
	readonly batches: Batches<Item>;

	constructor(batches: Batches<Item>) {
		this.batches = batches;
	}
}

/** Every item as a batch of its own. */
export async function* batchesOf<Item>(
	items: Iterable<Item> | AsyncIterable<Item>,
): AsyncGenerator<Iterable<Item>, void, void> {
	for await (const item of items) yield [item];
}

/** The items of all batches, one at a time. */
export async function* itemsOf<Item>(batches: Batches<Item>): AsyncGenerator<Item, void, void> {
	for await (const batch of batches) yield* batch;
}
