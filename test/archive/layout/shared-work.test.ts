import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { SharedWork } from "../../../src/archive/layout/shared-work.ts";

const never = new AbortController().signal;

/** Work that ends when it is told to, and counts. */
class Task {
	begunCount = 0;
	underWay = 0;
	signals: AbortSignal[] = [];
	#ends: ((outcome: string | Error) => void)[] = [];

	readonly do = (signal: AbortSignal): Promise<string> => {
		this.begunCount += 1;
		this.underWay += 1;
		this.signals.push(signal);
		return new Promise<string>((resolve, reject) => {
			this.#ends.push((outcome) => (typeof outcome === "string" ? resolve(outcome) : reject(outcome)));
		}).finally(() => {
			this.underWay -= 1;
		});
	};

	async end(outcome: string | Error): Promise<void> {
		this.#ends.shift()?.(outcome);
		await settle();
	}
}

/** Lets everything happen that waits for nothing. */
async function settle(): Promise<void> {
	for (let round = 0; round < 5; round++) await turn();
}

describe("SharedWork", () => {
	it("is done twice for any number who ask at once: for the first, and for all who ask while that is under way", async () => {
		const shared = new SharedWork<string>(8);
		const task = new Task();
		const first = shared.do("a", task.do, never);
		await settle();
		const others = Array.from({ length: 500 }, () => shared.do("a", task.do, never));
		await settle();
		expect([task.begunCount, task.underWay]).toEqual([1, 1]);
		await task.end("old");
		expect([task.begunCount, task.underWay]).toEqual([2, 1]);
		await task.end("new");
		expect(await first).toBe("old");
		expect(new Set(await Promise.all(others))).toEqual(new Set(["new"]));
		expect(task.begunCount).toBe(2);
	});

	it("never gives what was seen before it was asked for", async () => {
		const shared = new SharedWork<string>(8);
		let state = "before";
		const look = async () => {
			const seen = state;
			await settle();
			return seen;
		};
		const early = shared.do("a", look, never);
		await turn();
		state = "after";
		expect(await shared.do("a", look, never)).toBe("after");
		expect(await early).toBe("before");
	});

	it("shares nothing between different keys, nor without a key, and keeps to the turns", async () => {
		const shared = new SharedWork<string>(2);
		const task = new Task();
		const all = ["a", "b", undefined, undefined].map((key) => shared.do(key, task.do, never));
		await settle();
		expect(task.underWay).toBe(2);
		for (let done = 0; done < 4; done++) await task.end(`${done}`);
		expect(task.begunCount).toBe(4);
		expect(new Set(await Promise.all(all)).size).toBe(4);
	});

	it("goes on while somebody waits, and ends when nobody does", async () => {
		const shared = new SharedWork<string>(8);
		const task = new Task();
		const [one, other] = [new AbortController(), new AbortController()];
		const waiting = [one, other].map(({ signal }) => shared.do("a", task.do, signal));
		const outcomes = Promise.allSettled(waiting);
		await settle();
		one.abort(new Error("one is gone"));
		await settle();
		expect(task.signals[0]?.aborted).toBe(false);
		other.abort(new Error("the other is gone"));
		await settle();
		expect(task.signals[0]?.aborted).toBe(true);
		expect((await outcomes).map((outcome) => "reason" in outcome && outcome.reason.message)).toEqual([
			"one is gone",
			"the other is gone",
		]);
	});

	it("is not begun for those who left before its turn, and is for who comes then", async () => {
		const shared = new SharedWork<string>(8);
		const task = new Task();
		const first = shared.do("a", task.do, never);
		await settle();
		const leaving = new AbortController();
		const left = shared.do("a", task.do, leaving.signal);
		leaving.abort(new Error("gone"));
		await expect(left).rejects.toThrow("gone");
		await task.end("first");
		expect(await first).toBe("first");
		expect(task.begunCount).toBe(1);
		const next = shared.do("a", task.do, never);
		await settle();
		await task.end("next");
		expect(await next).toBe("next");
	});

	it("fails for all who share it, and not for those who come later", async () => {
		const shared = new SharedWork<string>(8);
		const task = new Task();
		const failing = Promise.allSettled([1, 2].map(() => shared.do("a", task.do, never)));
		await settle();
		await task.end(new Error("unreadable"));
		for (const outcome of await failing) expect(outcome).toMatchObject({ reason: { message: "unreadable" } });
		const next = shared.do("a", task.do, never);
		await settle();
		await task.end("better");
		expect(await next).toBe("better");
	});
});
