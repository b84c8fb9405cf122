import { describe, expect, it } from "vitest";
import { Pace } from "../../../../src/cli/terminal/progress/pace.ts";
import type { ArchiveProgressEvent } from "../../../../src/events.ts";

/** A pace whose clock the test sets, for an upload of so many bytes. */
function pace(total: number | undefined, toStorage = true) {
	let now = 0;
	const tested = new Pace(() => now * 1000);
	tested.plan(total, toStorage);
	return {
		pace: tested,
		/** @param second - When. */
		note(second: number, sizes: Partial<ArchiveProgressEvent>) {
			now = second;
			const base = { readSize: 0, archiveSize: 0, uploadedSize: 0, resumedSize: 0, copiedSize: 0 };
			tested.note({ type: "progress", entryCount: 0, entryName: "", ...base, ...sizes });
		},
		at(second: number) {
			now = second;
			return tested.pulse;
		},
	};
}

describe("Pace", () => {
	it("counts what the storage has confirmed, however far reading is ahead", () => {
		const { note, at } = pace(1000);
		note(0, {});
		note(1, { readSize: 800, archiveSize: 800 });
		expect(at(1)).toMatchObject({ share: 0, confirmedSize: 0, rate: undefined, secondsLeft: undefined });
		note(2, { readSize: 800, archiveSize: 800, uploadedSize: 200 });
		expect(at(2)).toMatchObject({ share: 0.2, confirmedSize: 200, rate: 100, secondsLeft: 8 });
	});

	it("is as slow as reading where that is slower", () => {
		const { note, at } = pace(1000);
		note(0, {});
		note(10, { readSize: 100, archiveSize: 50, uploadedSize: 50 });
		expect(at(10)).toMatchObject({ share: 0.1, rate: 5, secondsLeft: 90 });
	});

	it("counts what was written where there is no storage", () => {
		const { note, at } = pace(1000, false);
		note(0, {});
		note(4, { readSize: 500, archiveSize: 400 });
		expect(at(4)).toMatchObject({ share: 0.5, confirmedSize: 400, rate: 100, secondsLeft: 4 });
	});

	it("does not take parts that an earlier run has sent for speed", () => {
		const { note, at } = pace(1000);
		note(0, {});
		note(1, { readSize: 600, archiveSize: 600, uploadedSize: 500, resumedSize: 500 });
		expect(at(1)).toMatchObject({ share: 0.5, rate: undefined, secondsLeft: undefined });
		note(11, { readSize: 600, archiveSize: 600, uploadedSize: 600, resumedSize: 500 });
		expect(at(11)).toMatchObject({ share: 0.6, rate: 10, secondsLeft: expect.closeTo(40) });
	});

	it("does not take what is copied for speed, nor for what there is to send", () => {
		const { pace: tested, note, at } = pace(10_000);
		tested.compose({ copiedSize: 9000, madeSourceSize: 1000 });
		note(0, {});
		note(1, { archiveSize: 9000, uploadedSize: 4000, copiedSize: 4000 });
		expect(at(1)).toMatchObject({ share: 0, confirmedSize: 0, copiedSize: 4000 });
		expect(at(1)).toMatchObject({ rate: undefined, secondsLeft: undefined });
		note(11, { readSize: 100, archiveSize: 9100, uploadedSize: 9100, copiedSize: 9000 });
		expect(at(11)).toMatchObject({ share: 0.1, confirmedSize: 100, copiedSize: 9000, rate: 10 });
		expect(at(11).secondsLeft).toBeCloseTo(90);
		note(12, { readSize: 1000, archiveSize: 10_000, uploadedSize: 10_000, copiedSize: 9000 });
		expect(at(12)).toMatchObject({ share: 1 });
	});

	it("is not at its end while something is being copied", () => {
		const { pace: tested, note, at } = pace(10_000);
		tested.compose({ copiedSize: 9000, madeSourceSize: 1000 });
		note(1, { readSize: 1000, archiveSize: 10_000, uploadedSize: 5000, copiedSize: 4000 });
		expect(at(1)).toMatchObject({ share: 0.99 });
	});

	it("knows no share if all is copied", () => {
		const { pace: tested, note, at } = pace(10_000);
		tested.compose({ copiedSize: 9000, madeSourceSize: 0 });
		note(1, { archiveSize: 9000, uploadedSize: 4000, copiedSize: 4000 });
		expect(at(1)).toMatchObject({ share: undefined, secondsLeft: undefined, copiedSize: 4000 });
	});

	it("counts what is copied among other things with these", () => {
		const { note, at } = pace(1000);
		note(0, {});
		note(1, { readSize: 800, archiveSize: 800, uploadedSize: 400, copiedSize: 300 });
		expect(at(1)).toMatchObject({ share: 0.4, confirmedSize: 100, rate: 100 });
	});

	it("slows down while nothing arrives, and forgets how fast it once was", () => {
		const { note, at } = pace(1_000_000);
		note(0, {});
		for (let second = 1; second <= 100; second += 1)
			note(second, { readSize: second * 1000, archiveSize: second * 1000, uploadedSize: second * 1000 });
		expect(at(100).rate).toBe(1000);
		expect(at(200).rate).toBeLessThan(300);
		for (let second = 201; second <= 300; second += 1) {
			const size = 100_000 + (second - 200);
			note(second, { readSize: size, archiveSize: size, uploadedSize: size });
		}
		expect(at(300).rate).toBeCloseTo(1);
	});

	it("begins anew after a rest, and when an archive is made again", () => {
		const { pace: tested, note, at } = pace(1000);
		note(0, {});
		note(1, { readSize: 100, archiveSize: 100, uploadedSize: 100 });
		at(1000);
		tested.restart();
		note(1001, { readSize: 200, archiveSize: 200, uploadedSize: 200 });
		expect(at(1001).rate).toBe(100);
		note(1002, { readSize: 10, archiveSize: 10 });
		expect(at(1002)).toMatchObject({ share: 0, rate: undefined });
	});

	it("never goes back where later data is compressed less", () => {
		const { note, at } = pace(1000);
		note(0, {});
		note(1, { readSize: 500, archiveSize: 50, uploadedSize: 40 });
		const before = at(1).share ?? 0;
		note(2, { readSize: 550, archiveSize: 100, uploadedSize: 45 });
		expect(at(2).share).toBeGreaterThanOrEqual(before);
	});

	it("knows no share without a total", () => {
		const { note, at } = pace(undefined);
		note(0, {});
		note(5, { readSize: 500, archiveSize: 500, uploadedSize: 500 });
		expect(at(5)).toMatchObject({ share: undefined, secondsLeft: undefined, rate: 100, secondsGone: 5 });
	});
});
