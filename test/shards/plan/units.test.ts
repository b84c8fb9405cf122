import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32 } from "../../../src/bytes/crc32.ts";
import { InvalidOptionError } from "../../../src/errors.ts";
import type { RowRange } from "../../../src/shards/manifest.ts";
import { joinUnits, MAX_UNITS, type Unit, Units } from "../../../src/shards/plan/units.ts";

const NO_LIMITS = { maxEntries: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY };

function unitOf(entryCount: number, sourceSize: number, rows: readonly RowRange[] = []): Unit {
	return { entryCount, sourceSize, storedSize: sourceSize, sizeBound: sourceSize, rows };
}

describe("Units", () => {
	it("stay as many as can be held, and lose nothing when neighbours are joined", () => {
		fc.assert(
			fc.property(fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 20 }), (sizes) => {
				const units = new Units(NO_LIMITS);
				let total = 0;
				for (let index = 0; index < 3 * MAX_UNITS; index++) {
					const size = sizes[index % sizes.length] ?? 0;
					total += size;
					units.add(unitOf(1, size));
					if (units.all.length > MAX_UNITS) throw new Error(`there are ${units.all.length}`);
				}
				expect(units.all.reduce((sum, { sourceSize }) => sum + sourceSize, 0)).toBe(total);
				expect(units.all.reduce((sum, { entryCount }) => sum + entryCount, 0)).toBe(3 * MAX_UNITS);
			}),
			{ numRuns: 5 },
		);
	});

	it("stay fine enough to share evenly, however small they come", () => {
		const units = new Units(NO_LIMITS);
		const count = 20 * MAX_UNITS;
		for (let index = 0; index < count; index++) units.add(unitOf(64, 64_000));
		expect(units.all.length).toBeGreaterThan(MAX_UNITS / 8);
		const largest = Math.max(...units.all.map(({ entryCount }) => entryCount));
		expect(largest).toBeLessThanOrEqual((64 * count) / (MAX_UNITS / 8));
	});

	it("never join what would exceed the limits, and say so when there are too many then", () => {
		const units = new Units({ maxEntries: 3, maxBytes: 100 });
		const add = () => {
			for (let index = 0; index < 4 * MAX_UNITS; index++) units.add(unitOf(1, 10));
		};
		expect(add).toThrow(InvalidOptionError);
		for (const { entryCount } of units.all) expect(entryCount).toBeLessThanOrEqual(3);
	});
});

describe("joinUnits", () => {
	it("joins rows that follow each other on a page, and has their CRC-32", () => {
		const page = Buffer.from("one\ntwo\nthree\n");
		const rangeOf = (offset: number, end: number, index = 0): RowRange => {
			return { page: index, offset, size: end - offset, crc32: crc32(page.subarray(offset, end)) };
		};
		const joined = joinUnits(unitOf(1, 1, [rangeOf(0, 4)]), unitOf(2, 2, [rangeOf(4, 14)]));
		expect(joined.rows).toEqual([rangeOf(0, 14)]);
		const apart = [rangeOf(8, 14), rangeOf(0, 4, 1)];
		const onTwo = joinUnits(unitOf(1, 1, [rangeOf(0, 8)]), unitOf(1, 1, apart));
		expect(onTwo.rows).toEqual([rangeOf(0, 14), rangeOf(0, 4, 1)]);
		const next = joinUnits(unitOf(1, 1, [rangeOf(0, 4)]), unitOf(1, 1, [rangeOf(0, 4, 1)]));
		expect(next.rows).toEqual([rangeOf(0, 4), rangeOf(0, 4, 1)]);
	});
});
