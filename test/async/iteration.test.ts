import { describe, expect, it } from "vitest";
import { Iteration } from "../../src/async/iteration.ts";

/** What happens to a generator and the iteration over it, in order. */
function watched(failure?: Error): { log: string[]; iteration: Iteration<number, string> } {
	const log: string[] = [];
	async function* generate(): AsyncGenerator<number, string, void> {
		try {
			yield 1;
			yield 2;
			if (failure !== undefined) throw failure;
			return "result";
		} finally {
			log.push("ended");
		}
	}
	return { log, iteration: new Iteration(generate(), () => log.push("early")) };
}

describe("Iteration", () => {
	it("gives all items, and then what the generator returned", async () => {
		const { log, iteration } = watched();
		const items: number[] = [];
		for await (const item of iteration) {
			items.push(item);
			expect(() => iteration.result).toThrow("not come to its end");
		}
		expect([items, iteration.result, log]).toEqual([[1, 2], "result", ["ended"]]);
	});

	it("ends the generator when the loop is left, after saying so", async () => {
		const { log, iteration } = watched();
		for await (const _ of iteration) break;
		expect(log).toEqual(["early", "ended"]);
		expect(() => iteration.result).toThrow("not come to its end");
	});

	it("passes a failure on, after saying so", async () => {
		const failure = new Error("broken");
		const { log, iteration } = watched(failure);
		const all = (async () => {
			for await (const _ of iteration);
		})();
		await expect(all).rejects.toBe(failure);
		expect(log).toEqual(["ended", "early"]);
	});
});
