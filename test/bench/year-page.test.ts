import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";

interface Night {
	readonly sentSize: number;
	readonly copiedSize: number;
	readonly copiedPartCount: number;
}
interface Nights {
	randomOf(seed: number): () => number;
	makeTree(tree: { fileCount: number; totalSize: number; seed: number }): {
		readonly sizes: readonly number[];
	};
	nights(tree: object, plan: object): Generator<Night>;
}

const BENCH = new URL("../../bench/year/", import.meta.url);
const { makeTree, nights }: Nights = await import(new URL("nights.mjs", BENCH).href);
const GIB = 1024 ** 3;

describe("the model of nights", () => {
	const tree = makeTree({ fileCount: 2_000, totalSize: GIB / 2, seed: 1 });
	const sentOf = (plan: object) =>
		[...nights(tree, { nightCount: 6, seed: 2, ...plan })].map((night) => night.sentSize);

	it("has a tree of the size that was asked for", () => {
		expect(tree.sizes.reduce((sum, size) => sum + size, 0) / (GIB / 2)).toBeCloseTo(1, 4);
	});

	it("sends all of it once, then little but the directory if nothing changes, and all of it again when it is told", () => {
		const [first = 0, second = 0] = sentOf({ changeCount: 0 });
		expect(second).toBeLessThan(first / 1000);
		const sent = sentOf({ changeCount: 0, fullEvery: 3 });
		expect(sent.map((size) => size === first)).toEqual([true, false, false, true, false, false]);
	});

	it("sends more the more files change, and least if they lie together", () => {
		const later = (plan: object) =>
			sentOf(plan)
				.slice(1)
				.reduce((sum, size) => sum + size, 0);
		expect(later({ changeCount: 10 })).toBeLessThan(later({ changeCount: 40 }));
		expect(later({ changeCount: 40, together: true })).toBeLessThan(later({ changeCount: 40 }) / 2);
	});

	it("sends less if short runs are joined", () => {
		const later = (joinRuns: boolean) =>
			sentOf({ changeCount: 40, joinRuns })
				.slice(1)
				.reduce((sum, size) => sum + size, 0);
		expect(later(true)).toBeLessThan(later(false) / 2);
	});

	it("sends or copies every byte of the archive", () => {
		const sizes = [...nights(tree, { nightCount: 6, changeCount: 20, seed: 2 })];
		expect(new Set(sizes.map(({ sentSize, copiedSize }) => sentSize + copiedSize)).size).toBe(1);
		expect(sizes.slice(1).every(({ copiedPartCount }) => copiedPartCount > 1)).toBe(true);
	});
});

it("docs/rolling.md has the tables that the model makes", { tags: "slow" }, async () => {
	const { withTables }: { withTables(page: string): string } = await import(new URL("year.mjs", BENCH).href);
	const page = await readFile(new URL("../../docs/rolling.md", import.meta.url), "utf8");
	expect(page).toContain("| rolling archives |");
	expect(withTables(page)).toBe(page);
});
