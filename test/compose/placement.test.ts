import { describe, expect, it } from "vitest";
import { FoundOrder } from "../../src/compose/placement.ts";

describe("FoundOrder", () => {
	it("puts entries into the order in which they were found", () => {
		const order = new FoundOrder(3);
		for (const copied of [2, 0, 1]) order.add(FoundOrder.ofCopied(copied));
		for (const made of [3, 1]) order.add(made);
		order.tell(0, 0);
		order.tell(1, 2);
		order.tell(2, 4);
		// The data: copies 2, 0, 1, then what was made at 3 and 1.
		expect([...order.order()]).toEqual([1, 4, 2, 3, 0]);
	});

	it("puts what is copied and not found any more behind what stood before it", () => {
		const order = new FoundOrder(6);
		for (const copied of [5, 4, 3, 1, 0]) order.add(FoundOrder.ofCopied(copied));
		order.add(1); // was number 2, and is made
		order.tell(1, 0);
		order.tell(2, 1);
		order.tell(5, 2);
		const numbers = [5, 4, 3, 1, 0, 2];
		expect([...order.order()].map((entry) => numbers[entry])).toEqual([0, 1, 2, 3, 4, 5]);
	});

	it("keeps the order of the data for what has no place, behind all others", () => {
		const order = new FoundOrder(1);
		order.add();
		order.add(FoundOrder.ofCopied(0));
		order.add(undefined);
		order.add(0);
		expect([...order.order()]).toEqual([1, 3, 0, 2]);
	});

	it("can be asked for a million entries", () => {
		const count = 1_000_000;
		const order = new FoundOrder(count);
		for (let number = count - 1; number >= 0; number--) {
			order.add(FoundOrder.ofCopied(number));
			order.tell(number, number);
		}
		const sorted = order.order();
		expect(sorted.every((entry, place) => entry === count - 1 - place)).toBe(true);
	});
});
