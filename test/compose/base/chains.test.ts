import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	type Chain,
	chainRuns,
	chainSize,
	joinsOf,
	partCountOf,
	plainSize,
	RUN_JOINING,
	type RunJoining,
} from "../../../src/compose/base/chains.ts";
import type { CopyableRun } from "../../../src/compose/copyable/copyable-entries.ts";
import type { RunCutting } from "../../../src/compose/copyable/cut-runs.ts";

const KIB = 1024;
const MIB = 1024 ** 2;
const CUTTING: RunCutting = { minSize: 5 * MIB, maxPartSize: 5 * 1024 ** 3, maxPartCount: 5_000 };

/** Runs of one entry each, of so many bytes, with one entry of 1,000 bytes between two of them. */
function runsOf(sizes: readonly number[]): readonly CopyableRun[] {
	let start = 0;
	return sizes.map((size, index) => {
		const run = { from: index * 2, to: index * 2 + 1, start, end: start + size };
		start = run.end + 1000;
		return run;
	});
}

function chainsOf(sizes: readonly number[], cutting = CUTTING, joining: RunJoining = RUN_JOINING) {
	const all = runsOf(sizes);
	const long = all.filter(({ start, end }) => end - start >= cutting.minSize);
	return chainRuns(all, long, cutting, joining);
}

/** Numbers of the runs of a chain, and how much of the first is a part of its own. */
const shown = (chain: Chain) => [chain.runs.map(({ from }) => from / 2), plainSize(chain) / MIB];

describe("chainRuns", () => {
	it("joins short runs to the end of the long one that they follow", () => {
		expect(chainsOf([20 * MIB, 3 * MIB, 4 * MIB, 12 * MIB, MIB]).map(shown)).toEqual([
			[[0, 1, 2], 15],
			[[3, 4], 7],
		]);
	});

	it("takes all of a long run whose rest would be too small for a part", () => {
		expect(chainsOf([9 * MIB, 3 * MIB]).map(shown)).toEqual([[[0, 1], 0]]);
		expect(chainsOf([10 * MIB, 3 * MIB]).map(shown)).toEqual([[[0, 1], 5]]);
	});

	it("leaves what is not worth its requests, and what comes before the first long run, to be made", () => {
		expect(chainsOf([3 * MIB, 10 * MIB, 512 * KIB - 1, 512 * KIB]).map(shown)).toEqual([[[1, 3], 5]]);
		expect(chainsOf([3 * MIB, 4 * MIB])).toEqual([]);
	});

	it("leaves long runs alone that nothing follows", () => {
		expect(chainsOf([12 * MIB, 6 * MIB]).map(shown)).toEqual([
			[[0], 12],
			[[1], 6],
		]);
	});

	it("joins the largest where there are more than allowed", () => {
		const sizes = [10 * MIB, ...Array.from({ length: 9 }, (_, index) => (index === 4 ? MIB : 2 * MIB))];
		expect(chainsOf(sizes).map(shown)).toEqual([[[0, 1, 2, 3, 4, 6, 7, 8, 9], 5]]);
		const two = { ...RUN_JOINING, mostCount: 2 };
		expect(chainsOf([10 * MIB, MIB, 2 * MIB, 10 * MIB, 3 * MIB], CUTTING, two).map(shown)).toEqual([
			[[0, 2], 5],
			[[3, 4], 5],
		]);
	});

	it("uses no more parts than there are", () => {
		const three = { ...CUTTING, maxPartCount: 3 };
		expect(chainsOf([10 * MIB, MIB, 10 * MIB, 2 * MIB], three).map(shown)).toEqual([
			[[0], 10],
			[[2, 3], 5],
		]);
		expect(chainsOf([9 * MIB, MIB, 9 * MIB, 2 * MIB], { ...CUTTING, maxPartCount: 2 }).map(shown)).toEqual([
			[[0, 1], 0],
			[[2, 3], 0],
		]);
	});

	it("counts the objects that are made, and what is copied into them", () => {
		expect(joinsOf(chainsOf([20 * MIB, 3 * MIB, 4 * MIB, 6 * MIB]))).toEqual({ count: 2, size: 20 * MIB });
		expect(joinsOf(chainsOf([20 * MIB]))).toEqual({ count: 0, size: 0 });
	});

	it("copies each run once, in the order of the base, within all limits, and as much as a plain search finds", () => {
		const limits = fc.record({
			minSize: fc.integer({ min: 2, max: 20 }),
			maxParts: fc.integer({ min: 0, max: 12 }),
			leastSize: fc.integer({ min: 1, max: 6 }),
			mostInChain: fc.integer({ min: 1, max: 4 }),
			mostCount: fc.integer({ min: 0, max: 6 }),
			wide: fc.integer({ min: 2, max: 30 }),
		});
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 12 }), limits, (sizes, limit) => {
				const { minSize, maxParts, wide, ...joining } = limit;
				const maxPartSize = minSize * wide;
				const all = runsOf(sizes);
				const long = all.filter(({ start, end }) => end - start >= minSize);
				const alone = long.reduce((sum, { start, end }) => sum + Math.ceil((end - start) / maxPartSize), 0);
				const cutting = { minSize, maxPartSize, maxPartCount: alone + maxParts };
				const chains = chainRuns(all, long, cutting, joining);
				// Each run once, in order, and all long ones.
				const used = chains.flatMap(({ runs }) => runs);
				expect(used).toEqual([...new Set(used)].sort((a, b) => a.start - b.start));
				expect(chains.map(({ runs: [first] }) => first)).toEqual(long);
				let parts = 0;
				let joins = 0;
				for (const chain of chains) {
					const [first, ...short] = chain.runs;
					const plain = plainSize(chain);
					const joined = chainSize(chain) - plain;
					expect(plain === 0 || plain >= minSize).toBe(true);
					expect(short.length).toBeLessThanOrEqual(joining.mostInChain);
					for (const { start, end } of short) {
						expect(end - start).toBeGreaterThanOrEqual(joining.leastSize);
						expect(end - start).toBeLessThan(minSize);
					}
					if (short.length === 0) expect([plain, joined]).toEqual([first.end - first.start, 0]);
					else {
						// Every object is large enough for a range of it to be copied, and no larger than a part.
						expect(first.end - chain.tail).toBeGreaterThanOrEqual(minSize);
						expect(joined).toBeLessThanOrEqual(maxPartSize);
					}
					parts += partCountOf(chain, cutting);
					joins += short.length;
				}
				expect(parts).toBeLessThanOrEqual(cutting.maxPartCount);
				expect(joins).toBeLessThanOrEqual(joining.mostCount);
				expect(joinsOf(chains).count).toBe(joins);
				const model = joinableOf(all, long, joining, minSize);
				const unlimited =
					maxPartSize >= 2 * minSize + joining.mostInChain * minSize && maxParts >= long.length;
				if (unlimited) expect(used.length - long.length).toBe(Math.min(model, joining.mostCount));
				else expect(used.length - long.length).toBeLessThanOrEqual(Math.min(model, joining.mostCount));
			}),
			{ numRuns: 2_000 },
		);
	});
});

/** How many runs can be joined if there are parts enough: all that are worth it, as many as a chain takes behind each long one. */
function joinableOf(
	all: readonly CopyableRun[],
	long: readonly CopyableRun[],
	{ leastSize, mostInChain }: RunJoining,
	minSize: number,
): number {
	let count = 0;
	for (const [index, first] of long.entries()) {
		const end = long[index + 1]?.start ?? Number.POSITIVE_INFINITY;
		const behind = all.filter(({ start }) => start > first.start && start < end);
		const worth = behind.filter((run) => run.end - run.start >= leastSize && run.end - run.start < minSize);
		count += Math.min(mostInChain, worth.length);
	}
	return count;
}
