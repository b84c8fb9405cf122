import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PartLimits } from "../../../src/s3/providers.ts";
import {
	behindCopied,
	equalParts,
	growingParts,
	limitsBehind,
	type PartSchedule,
	scheduleOf,
} from "../../../src/storage/parts/part-schedule.ts";

/** A storage of which a kilobyte is a lot. */
const TINY: PartLimits = { minPartSize: 10, maxPartSize: 100, maxPartCount: 40, maxObjectSize: 2_000 };

describe("growingParts", () => {
	it("doubles after every tenth of the parts, up to the largest part", () => {
		const { partSizeOf } = growingParts(10, TINY);
		expect([1, 4, 5, 8, 9, 13, 17, 40].map(partSizeOf)).toEqual([10, 10, 20, 20, 40, 80, 100, 100]);
	});

	it("holds the sum of its parts, or the largest object", () => {
		expect(growingParts(10, TINY).capacity).toBe(2_000);
		const capacity = 4 * (10 + 20 + 40 + 80 + 6 * 100);
		expect(growingParts(10, { ...TINY, maxObjectSize: 10_000 }).capacity).toBe(capacity);
	});

	it("takes a number of parts that has no tenth", () => {
		const { partSizeOf, capacity } = growingParts(10, { ...TINY, maxPartCount: 3 });
		expect([1, 2, 3].map(partSizeOf)).toEqual([10, 20, 40]);
		expect(capacity).toBe(70);
	});
});

describe("equalParts", () => {
	it("holds as many as are permitted, or the largest object", () => {
		expect(equalParts(20, TINY)).toMatchObject({ capacity: 800, grows: false });
		expect(equalParts(90, TINY).capacity).toBe(2_000);
	});
});

describe("scheduleOf", () => {
	const cut = ({ partSizeOf }: PartSchedule, numbers: readonly number[]) =>
		numbers.map((partNumber) => ({ partNumber, size: partSizeOf(partNumber) }));
	const sizes = (schedule: PartSchedule | undefined) =>
		Array.from({ length: TINY.maxPartCount }, (_, index) => schedule?.partSizeOf(index + 1));

	it("finds again what parts were cut by, whichever of them are there", () => {
		const schedules = fc.oneof(
			fc.integer({ min: 10, max: 100 }).map((size) => equalParts(size, TINY)),
			fc.integer({ min: 10, max: 60 }).map((size) => growingParts(size, TINY)),
		);
		const numbers = fc.uniqueArray(fc.integer({ min: 1, max: TINY.maxPartCount }), { minLength: 3 });
		fc.assert(
			fc.property(schedules, numbers, fc.boolean(), (schedule, list, mayGrow) => {
				const parts = cut(schedule, list);
				const found = scheduleOf(parts, TINY, { mayGrow });
				for (const { partNumber, size } of parts) expect(found?.partSizeOf(partNumber)).toBe(size);
			}),
		);
	});

	it("is not misled by a last part that is shorter", () => {
		const parts = [...cut(growingParts(12, TINY), [2, 6]), { partNumber: 9, size: 11 }];
		expect(sizes(scheduleOf(parts, TINY, { mayGrow: true }))).toEqual(sizes(growingParts(12, TINY)));
	});

	it("takes parts that fit both for what they would be planned as", () => {
		const parts = cut(equalParts(20, TINY), [1, 2, 3]);
		expect(scheduleOf(parts, TINY, { mayGrow: false })?.grows).toBe(false);
		expect(scheduleOf(parts, TINY, { mayGrow: true })?.grows).toBe(true);
	});

	it("is found by the parts behind those that are copied, whatever size these have", () => {
		const copied = { partCount: 3, size: 150 };
		const limits = limitsBehind(TINY, copied);
		for (const planned of [equalParts(20, limits), growingParts(12, limits)]) {
			const schedule = behindCopied(planned, copied);
			const held = [
				...[33, 33, 84].map((size, index) => ({ partNumber: index + 1, size })),
				...cut(schedule, [4, 7, 9]),
			];
			const found = scheduleOf(held, TINY, { mayGrow: planned.grows, copied });
			expect(found?.capacity).toBe(planned.capacity + 150);
			expect([4, 5, 6, 7, 20, 40].map((number) => found?.partSizeOf(number))).toEqual(
				[1, 2, 3, 4, 17, 37].map(planned.partSizeOf),
			);
		}
	});

	it("is not misled by many that an earlier run has copied, if none is copied any more", () => {
		const ranges = Array.from({ length: 60 }, (_, index) => ({ partNumber: index + 1, size: 30 + index }));
		const held = [...ranges, ...[61, 62].map((partNumber) => ({ partNumber, size: 95 }))];
		expect(scheduleOf(held, { ...TINY, maxPartCount: 400 }, { mayGrow: false })?.partSizeOf(1)).toBe(95);
	});

	it("is the planned one if no other fits more, else the one with the smallest parts", () => {
		const held = [80, 70, 20].map((size, index) => ({ partNumber: index + 1, size }));
		const sizeWith = (planned?: PartSchedule) =>
			scheduleOf(held, TINY, { mayGrow: false, planned })?.partSizeOf(1);
		expect(sizeWith()).toBe(20);
		expect(sizeWith(equalParts(70, TINY))).toBe(70);
		expect(sizeWith(equalParts(50, TINY))).toBe(20);
	});

	it("makes nothing of parts that the storage would not take, or of none", () => {
		expect(scheduleOf([{ partNumber: 1, size: 9 }], TINY, { mayGrow: true })).toBeUndefined();
		expect(scheduleOf([], TINY, { mayGrow: true })).toBeUndefined();
	});

	it("does not take long over ten thousand parts of ten thousand sizes", () => {
		const limits = { ...TINY, maxPartSize: 1e9, maxPartCount: 10_000 };
		const parts = Array.from({ length: 10_000 }, (_, index) => ({
			partNumber: index + 1,
			size: 1_000 + index,
		}));
		const startedAt = performance.now();
		scheduleOf(parts, limits, { mayGrow: true });
		expect(performance.now() - startedAt).toBeLessThan(2_000);
	});
});
