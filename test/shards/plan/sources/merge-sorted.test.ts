import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeSorted } from "../../../../src/shards/plan/sources/merge-sorted.ts";

async function* inBatches<Item>(
	items: readonly Item[],
	size: number,
	onEnd = () => {},
): AsyncGenerator<Iterable<Item>, void, void> {
	try {
		for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size).values();
		yield [];
	} finally {
		onEnd();
	}
}

describe("mergeSorted", () => {
	it("gives all items of all sources in order, those that are equal by their sources", async () => {
		const source = fc.record({ items: fc.array(fc.nat(50)), size: fc.integer({ min: 1, max: 4 }) });
		await fc.assert(
			fc.asyncProperty(fc.array(source, { maxLength: 9 }), async (sources) => {
				const tagged = sources.map(({ items }, index) =>
					items.sort((one, other) => one - other).map((item) => ({ item, index })),
				);
				const batches = tagged.map((items, index) => inBatches(items, sources[index]?.size ?? 1));
				const merged: { item: number; index: number }[] = [];
				for await (const batch of mergeSorted(batches, (one, other) => one.item < other.item))
					merged.push(...batch);
				const sorted = tagged.flat().sort((one, other) => one.item - other.item || one.index - other.index);
				expect(merged).toEqual(sorted);
			}),
		);
	});

	it("ends all sources when it is left early, in the middle of a batch", async () => {
		let ended = 0;
		const sources = [1, 2, 3].map((first) => inBatches([first, 9, 10], 2, () => ended++));
		for await (const batch of mergeSorted(sources, (one, other) => one < other)) {
			for (const item of batch) if (item === 2) break;
			break;
		}
		expect(ended).toBe(3);
	});

	it("passes the failure of a source on", async () => {
		async function* broken(): AsyncGenerator<Iterable<number>, void, void> {
			yield [1];
			throw new Error("gone");
		}
		const all = async () => {
			for await (const batch of mergeSorted([inBatches([1, 2, 3], 1), broken()], (a, b) => a < b))
				for (const _ of batch);
		};
		await expect(all()).rejects.toThrow("gone");
	});
});
