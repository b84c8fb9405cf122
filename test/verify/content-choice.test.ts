import { describe, expect, it } from "vitest";
import type { EntryFacts } from "../../src/reader/entry.ts";
import { ContentChoice, sampleSize } from "../../src/verify/pieces/content-choice.ts";
import type { Piece } from "../../src/verify/pieces/pieces.ts";

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

describe("sampleSize", () => {
	it.each([
		[0, 0.01, 0],
		[5, 0.01, 5],
		[17, 0.01, 16],
		[1_600, 0.01, 16],
		[1_601, 0.01, 17],
		[20_000, 0.01, 200],
		[20_000, 1, 20_000],
	])("of %d copied entries, by a share of %d, is %d", (count, share, size) => {
		expect(sampleSize(count, share)).toBe(size);
	});
});

describe("the choice of what is read back", () => {
	async function choose(sizes: readonly number[], share = 0.01, seed = "a seed") {
		const entries = sizes.map((compressedSize, index) => ({ index, compressedSize }) as EntryFacts);
		const choice = new ContentChoice(
			sizes.length,
			{ share, isCandidate: ({ compressedSize }) => compressedSize !== 7, compare: async () => "same" },
			seed,
		);
		for (const entry of entries) choice.offer(entry);
		choice.decide();
		async function* pieces() {
			yield entries.map((entry): Piece => ({ entry, next: 0 }));
		}
		const sizesOf = async (batches: AsyncIterable<Iterable<Piece>>) => {
			const found: number[] = [];
			for await (const batch of batches) for (const { entry } of batch) found.push(entry.compressedSize);
			return found;
		};
		const [whole, compared] = [
			await sizesOf(choice.whole(pieces())),
			await sizesOf(choice.compared(pieces())),
		];
		expect(choice.compares).toBe(compared.length > 0);
		return { whole, compared, read: whole.reduce((sum, size) => sum + size, 0) };
	}
	const many = (count: number, size: number) => Array.from({ length: count }, () => size);

	it("reads what is small as a whole", async () => {
		const { whole, compared } = await choose(many(20_000, 256 * 1024));
		expect([whole.length, compared.length]).toEqual([200, 0]);
	});

	it("reads at least 16 of what is not large, however large others are", async () => {
		const { whole, compared } = await choose([...many(30, 100 * GiB), ...many(40, MiB)]);
		expect(whole).toEqual(many(16, MiB));
		expect(compared).toEqual(many(16, 100 * GiB));
	});

	it("reads 1 GiB of few entries, the smaller ones first, and compares some bytes of the others", async () => {
		const { whole, compared, read } = await choose([...many(12, 200 * MiB), ...many(4, 50 * MiB)]);
		expect(read).toBeLessThanOrEqual(GiB);
		expect(whole.filter((size) => size === 50 * MiB)).toHaveLength(4);
		expect(whole).toHaveLength(8);
		expect(compared).toEqual(many(8, 200 * MiB));
	});

	it("reads the share of all bytes where that is more", async () => {
		const { read, whole, compared } = await choose(many(8_000, 200 * MiB));
		expect(read).toBe(80 * 200 * MiB);
		expect([whole.length, compared.length]).toEqual([80, 0]);
	});

	it("reads everything if the share is all of it", async () => {
		const { whole, compared } = await choose([3 * GiB, 1, 300 * MiB], 1);
		expect([whole, compared]).toEqual([[3 * GiB, 1, 300 * MiB], []]);
	});

	it("takes none that is no candidate, and the same ones for the same seed", async () => {
		const sizes = Array.from({ length: 500 }, (_, index) => (index % 5 === 0 ? 7 : 1_000 + index));
		const first = await choose(sizes);
		expect(first.whole).not.toContain(7);
		expect(await choose(sizes)).toEqual(first);
		expect(await choose(sizes, 0.01, "another")).not.toEqual(first);
	});
});
