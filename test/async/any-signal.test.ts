import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { abortLater } from "../../src/async/abort-later.ts";
import { onAbort } from "../../src/async/abort-listeners.ts";
import { abortable } from "../../src/async/abortable.ts";
import { anySignal, underAnySignal } from "../../src/async/any-signal.ts";
import { delay } from "../../src/async/delay.ts";
import { settled } from "../support/gate.ts";

const reason = new Error("enough");

function listenerCount(signal: AbortSignal): number {
	return getEventListeners(signal, "abort").length;
}

describe("onAbort", () => {
	it("shares one event listener between all who listen, and tells each the reason once", () => {
		const controller = new AbortController();
		const told: unknown[] = [];
		for (let index = 0; index < 100; index++) onAbort(controller.signal, (why) => told.push(why));
		expect(listenerCount(controller.signal)).toBe(1);
		controller.abort(reason);
		expect(told).toEqual(Array(100).fill(reason));
	});

	it("tells at once if the signal has aborted, and never without a signal", () => {
		const told: unknown[] = [];
		onAbort(AbortSignal.abort(reason), (why) => told.push(why))();
		onAbort(undefined, () => told.push("never"))();
		expect(told).toEqual([reason]);
	});

	it("tells nobody who has let go, however often, and keeps those who have not", async () => {
		const controller = new AbortController();
		const told: string[] = [];
		const first = onAbort(controller.signal, () => told.push("first"));
		first();
		await settled();
		expect(listenerCount(controller.signal)).toBe(0);
		onAbort(controller.signal, () => told.push("second"));
		first();
		await settled();
		onAbort(controller.signal, () => told.push("third"));
		expect(listenerCount(controller.signal)).toBe(1);
		controller.abort(reason);
		expect(told).toEqual(["second", "third"]);
	});
});

describe("anySignal", () => {
	it("aborts with the first of its signals, and lets go of the others", async () => {
		const [one, two] = [new AbortController(), new AbortController()];
		const { signal } = anySignal(one.signal, undefined, two.signal);
		two.abort(reason);
		one.abort(new Error("later"));
		expect(signal.reason).toBe(reason);
		expect(anySignal(one.signal, new AbortController().signal).signal.aborted).toBe(true);
	});

	it("lets go of a signal that another aborted before", async () => {
		const { signal } = new AbortController();
		expect(anySignal(signal, AbortSignal.abort(reason)).signal.reason).toBe(reason);
		await settled();
		expect(listenerCount(signal)).toBe(0);
	});

	it("leaves nothing on a signal that outlives a thousand calls", async () => {
		const controller = new AbortController();
		const { signal } = controller;
		const followers = Array.from({ length: 1000 }, () => anySignal(signal, AbortSignal.timeout(60_000)));
		expect(listenerCount(signal)).toBe(1);
		for (const { release } of followers) release();
		await Promise.all(
			Array.from({ length: 1000 }, (_, index) => underAnySignal([signal], async () => index)),
		);
		await expect(underAnySignal([signal], () => Promise.reject(reason))).rejects.toBe(reason);
		await settled();
		expect(listenerCount(signal)).toBe(0);
		controller.abort(reason);
		expect(followers.some(({ signal: { aborted } }) => aborted)).toBe(false);
	});
});

describe("one signal for many waits", () => {
	it("has one listener, and none when they are over", async () => {
		const { signal } = new AbortController();
		const waits = Array.from({ length: 50 }, () => [delay(5, signal), abortable(delay(5), signal)]);
		expect(listenerCount(signal)).toBe(1);
		await Promise.all(waits.flat());
		await settled();
		expect(listenerCount(signal)).toBe(0);
	});

	it("ends all of them at once", async () => {
		const controller = new AbortController();
		const waits = Array.from({ length: 50 }, () => delay(60_000, controller.signal).catch(String));
		const later = Array.from({ length: 50 }, () => abortLater(controller.signal, 1));
		controller.abort(reason);
		expect(await Promise.all(waits)).toEqual(Array(50).fill(String(reason)));
		await expect(delay(60_000, controller.signal)).rejects.toBe(reason);
		await delay(50);
		expect(later.every((signal) => signal.reason === reason)).toBe(true);
		expect(abortLater(undefined, 0).aborted).toBe(false);
	});
});
