import { describe, expect, it } from "vitest";
import { PartBuffers } from "../../../src/storage/parts/part-buffers.ts";

const { signal } = new AbortController();

/** Whether a promise has settled by the time that everything ready has run. */
function isSettled(promise: Promise<unknown>): Promise<boolean> {
	const later = new Promise<boolean>((resolve) => setImmediate(resolve, false));
	return Promise.race([promise.then(() => true), later]);
}

describe("PartBuffers", () => {
	it("gives no more buffers than it may, and the same ones again", async () => {
		const buffers = new PartBuffers(2);
		const first = await buffers.take(8, signal);
		await buffers.take(8, signal);
		buffers.ready();
		buffers.ready();
		const third = buffers.take(8, signal);
		expect(await isSettled(third)).toBe(false);
		buffers.give(first);
		expect(await third).toBe(first);
	});

	it("gives what an upload before has left, where it is as large, and to one upload alone", async () => {
		const before = new PartBuffers(2);
		const first = await before.take(24, signal);
		const second = await before.take(24, signal);
		before.give(first);
		before.give(second);
		before.leave();
		const after = new PartBuffers(3);
		const other = await after.take(16, signal);
		expect([first, second]).not.toContain(other);
		const taken = [await after.take(24, signal), await after.take(24, signal)];
		expect(new Set(taken)).toEqual(new Set([first, second]));
		const beside = await new PartBuffers(1).take(24, signal);
		expect([first, second]).not.toContain(beside);
	});

	it("holds what one upload has left, however many end at a time", async () => {
		const kept: Uint8Array[] = [];
		for (let count = 0; count < 5; count++) {
			const buffers = new PartBuffers(1);
			kept.push(await buffers.take(40 + count, signal));
			buffers.give(kept[count] as Uint8Array);
			buffers.leave();
		}
		const after = new PartBuffers(9);
		const again: Uint8Array[] = [];
		for (let count = 0; count < 5; count++) {
			again.push(await after.take(40 + count, signal));
			after.ready();
		}
		expect(again.map((buffer, count) => buffer === kept[count])).toEqual([false, false, false, false, true]);
	});

	it("is not outdone by a buffer that was taken besides", async () => {
		const buffers = new PartBuffers(9);
		for (let count = 0; count < 3; count++) await buffers.take(8, signal);
		buffers.takeMore(13);
		expect(await isSettled(buffers.take(8, signal))).toBe(false);
	});

	it("keeps no more than three that are not ready to be sent, so that a near storage needs little memory", async () => {
		const buffers = new PartBuffers(9);
		for (let count = 0; count < 3; count++) await buffers.take(8, signal);
		const fourth = buffers.take(8, signal);
		expect(await isSettled(fourth)).toBe(false);
		buffers.ready();
		expect(await isSettled(fourth)).toBe(true);
	});

	it("gives all it may to parts that are ready, and wait for a distant storage", async () => {
		const buffers = new PartBuffers(9);
		for (let count = 0; count < 9; count++) {
			await buffers.take(8, signal);
			buffers.ready();
		}
		expect(await isSettled(buffers.take(8, signal))).toBe(false);
	});

	it("stops waiting when the upload ends", async () => {
		const buffers = new PartBuffers(1);
		await buffers.take(8, signal);
		const controller = new AbortController();
		const waiting = buffers.take(8, controller.signal);
		controller.abort(new Error("enough"));
		await expect(waiting).rejects.toThrow("enough");
	});
});
