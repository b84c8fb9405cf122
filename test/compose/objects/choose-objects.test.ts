import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseObjects } from "../../../src/compose/objects/choose-objects.ts";

const MiB = 1024 ** 2;
const GiB = 1024 * MiB;
const LIMITS = {
	minPartSize: 5 * MiB,
	maxPartSize: 5 * GiB,
	maxPartCount: 10_000,
	maxObjectSize: 5 * 1024 * GiB,
};

const many = (count: number, size: number) => Array.from({ length: count }, () => size);
const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);

const choose = (sizes: readonly number[], otherSize: number | undefined, more: object = {}) =>
	chooseObjects({
		sizes,
		sizeBound: otherSize === undefined ? undefined : sum(sizes) + otherSize,
		limits: LIMITS,
		partSize: undefined,
		...more,
	});

describe("chooseObjects", () => {
	it("takes all where the parts are enough, two for each", () => {
		expect(choose(many(2000, 12 * MiB), 50 * MiB)).toMatchObject({
			count: 2000,
			partCount: 4000,
			copiedSize: 2000 * 7 * MiB,
			sentSize: 2000 * 5 * MiB,
			partSize: 10 * MiB,
		});
	});

	it("takes more parts for what is larger than the largest part", () => {
		expect(choose([13 * GiB], 0)).toMatchObject({ count: 1, partCount: 4 });
	});

	it("takes the largest where there are not parts for all, and as many of one size as there are parts for", () => {
		const sizes = [...many(4000, 12 * MiB), ...many(4000, 20 * MiB)];
		const choice = choose(sizes, 0);
		expect(choice?.count).toBeGreaterThan(4000);
		expect(choice?.count).toBeLessThan(8000);
		expect(choice).toMatchObject({ minSize: 12 * MiB, countOfMinSize: (choice?.count ?? 0) - 4000 });
	});

	it("makes parts larger to copy more", () => {
		const few = choose(many(8000, 12 * MiB), 0, { partSize: 8 * MiB });
		expect(choose(many(8000, 12 * MiB), 0)?.count ?? 0).toBeGreaterThan(few?.count ?? 0);
	});

	it("leaves half of the parts to what nobody knows the size of", () => {
		expect(choose(many(4000, 12 * MiB), undefined)).toMatchObject({ count: 2500, partCount: 5000 });
	});

	it("takes none where there are none", () => {
		expect(choose([], 10 * GiB)).toBeUndefined();
	});

	it("has parts for everything, however large it is", () => {
		fc.assert(
			fc.property(
				fc.array(fc.integer({ min: 10 * MiB, max: 40 * MiB }), { maxLength: 60 }),
				fc.integer({ min: 0, max: 2 * GiB }),
				fc.integer({ min: 10, max: 150 }),
				(sizes, otherSize, maxPartCount) => {
					const choice = choose(sizes, otherSize, { limits: { ...LIMITS, maxPartCount } });
					if (choice === undefined) return;
					const copied = [...sizes].sort((a, b) => b - a).slice(0, choice.count);
					const { partSize, copiedSize, sentSize, otherPartCount = 0 } = choice;
					expect(copiedSize + sentSize).toBe(sum(copied));
					expect(copied.at(-1)).toBe(choice.minSize);
					expect(choice.partCount + otherPartCount).toBeLessThanOrEqual(maxPartCount);
					// The worst that can stand before the ranges: all of it before one, or spread so that each part is as empty as can be.
					const made = sum(sizes) + otherSize - copiedSize - sentSize;
					const together = Math.ceil((made + 5 * MiB) / partSize) + choice.count;
					const wasteful = Math.floor(made / (partSize - 5 * MiB)) + 2 * choice.count + 1;
					expect(Math.max(together, wasteful)).toBeLessThanOrEqual(choice.partCount + otherPartCount + 1);
				},
			),
		);
	});
});
