import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type InOrderLimit, type InOrderOptions, mapInOrder } from "../../src/async/map-in-order.ts";
import { asyncOf } from "../support/archive-of.ts";
import { batchesOf, itemsOf } from "../support/batches.ts";
import { Gate, settled } from "../support/gate.ts";

function limit(
	count: number,
	weight = Number.POSITIVE_INFINITY,
	weigh = (_item: number) => 1,
): InOrderLimit<number> {
	return { count, weight, weigh };
}

function upTo(count: number): number[] {
	return Array.from({ length: count }, (_, index) => index);
}

/** Numbers without end; says how many were taken and whether it was told to stop. */
class Numbers implements AsyncIterable<number> {
	taken = 0;
	returned = 0;

	[Symbol.asyncIterator](): AsyncIterator<number> {
		return {
			next: async () => ({ value: this.taken++, done: false }),
			return: async () => {
				this.returned += 1;
				return { value: undefined, done: true };
			},
		};
	}
}

/** Single items mapped to single results, whatever the runs they come in. */
function mapped<Item, Result>(
	source: AsyncIterable<Item>,
	map: (item: Item) => Result | Promise<Result>,
	limit: InOrderLimit<Item>,
	options?: InOrderOptions<Result>,
): AsyncGenerator<Result, void, void> {
	return itemsOf(mapInOrder(batchesOf(source), map, limit, options));
}

async function all<Item>(source: AsyncIterable<Item>): Promise<Item[]> {
	const items: Item[] = [];
	for await (const item of source) items.push(item);
	return items;
}

describe("mapInOrder", () => {
	it("yields results in the order of the items, whichever is done first", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.scheduler(),
				fc.array(fc.integer(), { maxLength: 20 }),
				fc.integer({ min: 1, max: 5 }),
				async (scheduler, items, count) => {
					const map = (item: number) => scheduler.schedule(Promise.resolve(item * 2));
					const results = all(mapped(asyncOf(items), map, limit(count)));
					await scheduler.waitFor(results);
					expect(await results).toEqual(items.map((item) => item * 2));
				},
			),
			{ numRuns: 50 },
		);
	});

	it("gives results that are there in one run, and waits for others", async () => {
		const gate = new Gate<number>();
		async function* source() {
			yield [0, 1, 2, 3];
		}
		const runs = mapInOrder(source(), (item) => (item === 2 ? gate.passed : item), limit(9));
		const first = await runs.next();
		expect([...(first.value ?? [])]).toEqual([0, 1]);
		gate.open(2);
		const second = await runs.next();
		expect([...(second.value ?? [])]).toEqual([2, 3]);
		expect((await runs.next()).done).toBe(true);
	});

	it("takes no more from a run than its limit lets in, and leaves it when the consumer stops", async () => {
		const numbers = new Set<number>();
		let left = false;
		function* run() {
			try {
				for (let number = 0; ; number++) {
					numbers.add(number);
					yield number;
				}
			} finally {
				left = true;
			}
		}
		async function* source() {
			yield run();
		}
		const results = itemsOf(mapInOrder(source(), (item) => item, limit(5)));
		await results.next();
		await settled();
		expect(numbers.size).toBeLessThanOrEqual(6);
		await results.return();
		expect(left).toBe(true);
	});

	it("stops in the middle of a run when the signal aborts", async () => {
		const controller = new AbortController();
		const reason = new Error("enough");
		function* run() {
			for (let number = 0; ; number++) yield number;
		}
		async function* source() {
			yield run();
		}
		const results = itemsOf(mapInOrder(source(), (item) => item, limit(5), { signal: controller.signal }));
		await results.next();
		controller.abort(reason);
		await expect(all(results)).rejects.toBe(reason);
	});

	it("takes nothing from its source before it is asked", async () => {
		const source = new Numbers();
		const results = mapped(source, (item) => item, limit(5));
		await settled();
		expect(source.taken).toBe(0);
		await results.return();
	});

	it.each([1, 2, 7])("has at most %d items under way", async (count) => {
		let running = 0;
		let most = 0;
		const map = async (item: number) => {
			most = Math.max(most, ++running);
			await settled();
			running -= 1;
			return item;
		};
		await all(mapped(asyncOf(upTo(30)), map, limit(count)));
		expect(most).toBe(count);
	});

	it("reads no further ahead of a consumer that does not ask than its limit", async () => {
		const source = new Numbers();
		const results = mapped(source, (item) => item, limit(5));
		await results.next();
		await settled();
		expect(source.taken).toBeLessThanOrEqual(6);
		await results.return();
	});

	it("bounds the sum of weights", async () => {
		const source = new Numbers();
		const results = mapped(
			source,
			() => new Promise(() => {}),
			limit(100, 30, () => 10),
		);
		void results.next();
		await settled();
		expect(source.taken).toBe(3);
	});

	it("lets in an item that is heavier than the limit, alone", async () => {
		let running = 0;
		let most = 0;
		const map = async (item: number) => {
			most = Math.max(most, ++running);
			await settled();
			running -= 1;
			return item;
		};
		const results = await all(
			mapped(
				asyncOf(upTo(5)),
				map,
				limit(100, 10, () => 1000),
			),
		);
		expect(results).toEqual(upTo(5));
		expect(most).toBe(1);
	});

	it("stops its source when the consumer stops", async () => {
		const source = new Numbers();
		for await (const item of mapped(source, (item) => item, limit(3))) if (item === 4) break;
		expect(source.returned).toBe(1);
	});

	it("hands to discard what nobody took", async () => {
		const discarded: number[] = [];
		const options = { discard: (item: number) => void discarded.push(item) };
		const results = mapped(asyncOf(upTo(10)), (item) => item, limit(4), options);
		await results.next();
		await settled();
		await results.return();
		expect(discarded).toEqual([1, 2, 3, 4]);
	});

	it("discards the rest where discarding one fails", async () => {
		const discarded: number[] = [];
		const discard = (item: number) => {
			discarded.push(item);
			throw new Error("closing failed");
		};
		const gate = new Gate<number>();
		const results = mapped(asyncOf(upTo(3)), (item) => item || gate.passed, limit(4), { discard });
		void settled().then(() => gate.fail(new Error("the reason")));
		await expect(results.next()).rejects.toThrow("the reason");
		expect(discarded).toEqual([1, 2]);
	});

	it("maps nothing any more once the consumer has stopped", async () => {
		const gate = new Gate();
		const begun: number[] = [];
		async function* source() {
			yield 0;
			await gate.passed;
			yield 1;
		}
		const results = mapped(source(), (item) => begun.push(item), limit(4));
		await results.next();
		await results.return();
		gate.open();
		await settled();
		expect(begun).toEqual([0]);
	});

	it("does not wait for a source that is busy when the consumer stops", async () => {
		async function* source() {
			yield 0;
			await new Promise(() => {});
		}
		const results = mapped(source(), (item) => item, limit(4));
		await results.next();
		await expect(results.return()).resolves.toEqual({ value: undefined, done: true });
	});

	it("passes on a failure of the source after the results before it", async () => {
		const failure = new Error("source");
		async function* source() {
			yield 1;
			yield 2;
			throw failure;
		}
		const gate = new Gate<number>();
		const results = mapped(source(), (item) => (item === 1 ? gate.passed : item), limit(9));
		const first = results.next();
		await settled();
		gate.open(1);
		expect(await first).toEqual({ value: 1, done: false });
		expect(await results.next()).toEqual({ value: 2, done: false });
		await expect(results.next()).rejects.toBe(failure);
		expect(await results.next()).toEqual({ value: undefined, done: true });
	});

	it.each([true, false])("passes on a failure of map in its turn (thrown at once: %s)", async (atOnce) => {
		const failure = new Error("map");
		const discarded: number[] = [];
		const map = (item: number) => {
			if (item !== 1) return item;
			if (atOnce) throw failure;
			return Promise.reject(failure);
		};
		const source = new Numbers();
		const results = mapped(source, map, limit(4), { discard: (item) => void discarded.push(item) });
		expect(await results.next()).toEqual({ value: 0, done: false });
		await settled();
		await expect(results.next()).rejects.toBe(failure);
		expect(source.returned).toBe(1);
		expect(discarded).toEqual([2, 3, 4].slice(0, discarded.length));
	});

	it("passes on a failure of weigh", async () => {
		const failure = new Error("weigh");
		const weigh = () => {
			throw failure;
		};
		await expect(all(mapped(new Numbers(), (item) => item, limit(2, 2, weigh)))).rejects.toBe(failure);
	});

	it("gives up a source that never answers when the signal aborts", async () => {
		const controller = new AbortController();
		const reason = new Error("enough");
		async function* source() {
			yield 0;
			await new Promise(() => {});
		}
		const results = mapped(source(), (item) => item, limit(4), { signal: controller.signal });
		await results.next();
		const second = results.next();
		controller.abort(reason);
		await expect(second).rejects.toBe(reason);
	});

	it("starts nothing under a signal that has aborted", async () => {
		const reason = new Error("before");
		const begun: number[] = [];
		const options = { signal: AbortSignal.abort(reason) };
		const results = mapped(new Numbers(), (item) => begun.push(item), limit(4), options);
		await expect(results.next()).rejects.toBe(reason);
		await settled();
		expect(begun).toEqual([]);
	});

	it("ends at once without items", async () => {
		expect(await all(mapped(asyncOf<number>([]), (item) => item, limit(1)))).toEqual([]);
	});
});
