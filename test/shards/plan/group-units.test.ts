import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GiB, MiB } from "../../../src/bytes/units.ts";
import { groupUnits } from "../../../src/shards/plan/group-units.ts";
import type { Unit } from "../../../src/shards/plan/units.ts";

const MIN_SIZE = 5 * MiB;
const ANY = { workers: 4, minSize: MIN_SIZE, maxShards: 2500 };

function unitOf(entryCount: number, sourceSize: number, page = 0): Unit {
	const storedSize = sourceSize + 60 * entryCount;
	const rows = [{ page, offset: 0, size: 1, crc32: 0 }];
	return { entryCount, sourceSize, storedSize, sizeBound: storedSize + 50 * entryCount, rows };
}

const UNIT = fc
	.record({
		entryCount: fc.integer({ min: 1, max: 4096 }),
		sourceSize: fc.oneof(fc.constant(0), fc.nat(MiB), fc.nat(200 * MiB), fc.nat(300 * GiB)),
	})
	.map(({ entryCount, sourceSize }) => unitOf(entryCount, sourceSize));
const UNITS = fc.array(UNIT, { maxLength: 200 });

function sum(units: readonly Unit[], what: "entryCount" | "sourceSize" | "sizeBound"): number {
	return units.reduce((total, unit) => total + unit[what], 0);
}

describe("groupUnits", () => {
	it("loses nothing and keeps the order", () => {
		fc.assert(
			fc.property(UNITS, (units) => {
				const numbered = units.map((unit, page) => unitOf(unit.entryCount, unit.sourceSize, page));
				const shards = groupUnits(numbered, ANY);
				for (const what of ["entryCount", "sourceSize", "sizeBound"] as const)
					expect(sum(shards, what)).toBe(sum(units, what));
				expect(shards.flatMap(({ rows }) => rows.map(({ page }) => page))).toEqual(
					units.map((_, page) => page),
				);
			}),
		);
	});

	it("gives each shard but the last as much as a part needs", () => {
		fc.assert(
			fc.property(UNITS, fc.integer({ min: 1, max: 100 }), (units, workers) => {
				for (const { storedSize } of groupUnits(units, { ...ANY, workers }).slice(0, -1))
					expect(storedSize).toBeGreaterThanOrEqual(MIN_SIZE);
			}),
		);
	});

	it("holds the limits, unless a shard would be smaller than a part then", () => {
		const limits = fc.record({
			maxEntries: fc.integer({ min: 4096, max: 50_000 }),
			maxBytes: fc.integer({ min: 200 * MiB, max: 2 * GiB }),
		});
		fc.assert(
			fc.property(UNITS, limits, (units, { maxEntries, maxBytes }) => {
				for (const shard of groupUnits(units, { ...ANY, maxEntries, maxBytes })) {
					const isOverEntries = shard.entryCount > maxEntries;
					const isOverBytes = shard.sourceSize > maxBytes;
					if (!isOverEntries && !isOverBytes) continue;
					const isOne = units.some(
						(unit) => unit.sourceSize === shard.sourceSize && unit.entryCount === shard.entryCount,
					);
					// What made it too large was added while it was no part.
					const wasTooSmall = units.some((unit) => shard.storedSize - unit.storedSize < MIN_SIZE);
					expect(isOne || wasTooSmall).toBe(true);
				}
			}),
		);
	});

	it("has several shards of about the same work for each worker", () => {
		const units = Array.from({ length: 4000 }, (_, index) => unitOf(64, (1 + (index % 7)) * MiB));
		for (const workers of [1, 2, 4, 16]) {
			const shards = groupUnits(units, { ...ANY, workers });
			expect(shards).toHaveLength(4 * workers);
			const sizes = shards.map(({ sourceSize }) => sourceSize);
			expect(Math.max(...sizes) / Math.min(...sizes)).toBeLessThan(1.1);
		}
	});

	it("shares what is left behind a large file evenly", () => {
		const units = [unitOf(1, 100 * GiB), ...Array.from({ length: 1000 }, () => unitOf(10, 100 * MiB))];
		const [first, ...rest] = groupUnits(units, ANY);
		expect(first?.entryCount).toBe(1);
		const sizes = rest.map(({ sourceSize }) => sourceSize);
		expect(Math.max(...sizes)).toBeLessThanOrEqual(16 * GiB);
		expect(Math.max(...sizes) / Math.min(...sizes)).toBeLessThan(1.2);
	});

	it("makes one shard of little, and cuts even empty files by their headers", () => {
		expect(groupUnits([unitOf(3, 1000)], ANY)).toHaveLength(1);
		const empty = Array.from({ length: 5000 }, () => unitOf(2000, 0));
		const shards = groupUnits(empty, ANY);
		expect(shards.length).toBeGreaterThanOrEqual(100);
		for (const { entryCount } of shards) expect(entryCount).toBeLessThanOrEqual(100_000);
	});

	it("has larger shards rather than more than there are numbers for", () => {
		const units = Array.from({ length: 8000 }, () => unitOf(12_500, 6 * GiB));
		const shards = groupUnits(units, { ...ANY, maxShards: 250 });
		expect(shards.length).toBeLessThanOrEqual(275);
	});
});
