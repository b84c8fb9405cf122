import type { Batches } from "../../../async/batches.ts";

/** A source of items, and the next of them. */
interface Cursor<Item> {
	readonly index: number;
	readonly batches: AsyncIterator<Iterable<Item>>;
	batch: Iterator<Item>;
	head: Item;
}

/**
 * Merges sources that are sorted: one item of each is held, besides what the source holds. Items that are equal come in the order of
 * their sources.
 *
 * @param isBefore - The order that all sources are in.
 */
export async function* mergeSorted<Item>(
	sources: readonly Batches<Item>[],
	isBefore: (one: Item, other: Item) => boolean,
): AsyncGenerator<Iterable<Item>, void, void> {
	const [only] = sources;
	if (only !== undefined && sources.length === 1) {
		yield* only; // in the batches that it has
		return;
	}
	const iterators = sources.map((source) => source[Symbol.asyncIterator]());
	try {
		const heap = new Heap<Cursor<Item>>((one, other) =>
			isBefore(one.head, other.head) ? true : !isBefore(other.head, one.head) && one.index < other.index,
		);
		for (const [index, batches] of iterators.entries()) {
			const cursor = await openCursor(index, batches);
			if (cursor !== undefined) heap.push(cursor);
		}
		/** Has given all of its batch. */
		let waiting: Cursor<Item> | undefined;
		function* ready(): Generator<Item, void, void> {
			for (let cursor = heap.top; cursor !== undefined; cursor = heap.top) {
				const { head } = cursor;
				const step = cursor.batch.next();
				if (step.done === true) {
					waiting = cursor;
					heap.pop();
				} else {
					cursor.head = step.value;
					heap.settleTop();
				}
				yield head;
				if (waiting !== undefined) return;
			}
		}
		while (heap.top !== undefined) {
			yield ready();
			if (waiting === undefined) continue;
			const { index, batches } = waiting;
			waiting = undefined;
			const cursor = await openCursor(index, batches);
			if (cursor !== undefined) heap.push(cursor);
		}
	} finally {
		await Promise.all(iterators.map((iterator) => iterator.return?.()));
	}
}

/** @returns `undefined` if nothing is left. */
async function openCursor<Item>(
	index: number,
	batches: AsyncIterator<Iterable<Item>>,
): Promise<Cursor<Item> | undefined> {
	for (;;) {
		const next = await batches.next();
		if (next.done === true) return undefined;
		const batch = next.value[Symbol.iterator]();
		const step = batch.next();
		if (step.done !== true) return { index, batches, batch, head: step.value };
	}
}

/** A binary heap: the first of its items is at hand. */
class Heap<Item> {
	readonly #items: Item[] = [];
	readonly #isBefore: (one: Item, other: Item) => boolean;

	constructor(isBefore: (one: Item, other: Item) => boolean) {
		this.#isBefore = isBefore;
	}

	get top(): Item | undefined {
		return this.#items[0];
	}

	push(item: Item): void {
		const items = this.#items;
		let at = items.push(item) - 1;
		for (let parent = (at - 1) >> 1; at > 0; parent = (at - 1) >> 1) {
			const above = items[parent] as Item; // there, as `at` is not the top
			if (!this.#isBefore(item, above)) break;
			items[at] = above;
			at = parent;
		}
		items[at] = item;
	}

	pop(): void {
		const last = this.#items.pop();
		if (last === undefined || this.#items.length === 0) return;
		this.#items[0] = last;
		this.settleTop();
	}

	/** To be called when the first item has changed. */
	settleTop(): void {
		const items = this.#items;
		const item = items[0];
		if (item === undefined) return;
		let at = 0;
		for (;;) {
			let child = 2 * at + 1;
			const [left, right] = [items[child], items[child + 1]];
			if (left === undefined) break;
			let first = left;
			if (right !== undefined && this.#isBefore(right, left)) {
				first = right;
				child += 1;
			}
			if (!this.#isBefore(first, item)) break;
			items[at] = first;
			at = child;
		}
		items[at] = item;
	}
}
