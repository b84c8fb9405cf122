import { describe, expect, it } from "vitest";
import { interruptible } from "../../src/async/interruptible.ts";
import { Gate, settled } from "../support/gate.ts";

const reason = new Error("interrupted");

function workThatStalls(): { chunks: AsyncGenerator<number, void, void>; log: string[] } {
	const gate = new Gate();
	const log: string[] = [];
	async function* work() {
		try {
			yield 1;
			await gate.passed;
			yield 2;
		} finally {
			log.push("closed");
		}
	}
	const interrupt = () => {
		log.push("interrupted");
		gate.fail(reason);
	};
	gate.passed.catch(() => {});
	return { chunks: interruptible(work(), interrupt), log };
}

describe("interruptible", () => {
	it.each(["return", "throw"] as const)("interrupts the step that is under way on %s()", async (call) => {
		const { chunks, log } = workThatStalls();
		expect(await chunks.next()).toEqual({ value: 1, done: false });
		const pending = chunks.next();
		await settled();
		const ended = call === "return" ? chunks.return() : chunks.throw(new Error("stop"));
		await expect(pending).rejects.toBe(reason);
		if (call === "return") expect(await ended).toEqual({ value: undefined, done: true });
		else await expect(ended).rejects.toThrow("stop");
		expect(log).toEqual(["interrupted", "closed"]);
	});

	it("is iterated like the generator itself", async () => {
		const { chunks, log } = workThatStalls();
		const seen: number[] = [];
		for await (const chunk of chunks) {
			seen.push(chunk);
			break;
		}
		expect([seen, log]).toEqual([[1], ["interrupted", "closed"]]);
	});
});
