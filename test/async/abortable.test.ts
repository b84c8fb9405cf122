import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { abortable } from "../../src/async/abortable.ts";
import { settled } from "../support/gate.ts";

describe("abortable", () => {
	const reason = new Error("enough");

	it("settles like the promise", async () => {
		const { signal } = new AbortController();
		const failure = new Error("broken");
		expect(await abortable(Promise.resolve(1), signal)).toBe(1);
		expect(await abortable(Promise.resolve(1), undefined)).toBe(1);
		await expect(abortable(Promise.reject(failure), signal)).rejects.toBe(failure);
	});

	it("rejects with the reason, before or while it waits", async () => {
		const controller = new AbortController();
		const waiting = abortable(new Promise(() => {}), controller.signal);
		controller.abort(reason);
		await expect(waiting).rejects.toBe(reason);
		await expect(abortable(Promise.resolve(1), controller.signal)).rejects.toBe(reason);
	});

	it("leaves no rejection unhandled of a promise that comes too late", async () => {
		const failing = Promise.reject(new Error("too late")); // unhandled, this would fail the run
		await expect(abortable(failing, AbortSignal.abort(reason))).rejects.toBe(reason);
		await settled();
	});

	it("ignores what the promise does afterwards, and leaves no listener behind", async () => {
		const controller = new AbortController();
		for (let turn = 0; turn < 20; turn++) await abortable(Promise.resolve(turn), controller.signal);
		await settled();
		expect(getEventListeners(controller.signal, "abort")).toEqual([]);
		let fail = (_reason: unknown) => {};
		const late = new Promise((_resolve, reject) => {
			fail = reject;
		});
		const waiting = abortable(late, controller.signal);
		controller.abort(reason);
		fail(new Error("too late"));
		await expect(waiting).rejects.toBe(reason);
	});
});
