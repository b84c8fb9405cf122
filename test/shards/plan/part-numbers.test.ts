import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GiB, MiB } from "../../../src/bytes/units.ts";
import { ArchiveTooLargeError, InvalidOptionError } from "../../../src/errors.ts";
import { type PartLimits, providerByName } from "../../../src/s3/providers.ts";
import { numberParts, partCountOf } from "../../../src/shards/plan/part-numbers.ts";

const { limits } = providerByName("ceph");
const { minPartSize } = limits;

/** Cut as a worker cuts: full parts, as long as what stays behind them is a part as well. */
function cut(size: number, partSize: number): number[] {
	const parts: number[] = [];
	let left = size;
	for (; left >= partSize + minPartSize; left -= partSize) parts.push(partSize);
	if (left >= minPartSize || parts.length === 0) parts.push(left);
	else parts[parts.length - 1] = partSize + left;
	return parts;
}

const SHARD = fc.oneof(
	fc.integer({ min: minPartSize, max: 40 * MiB }),
	fc.integer({ min: minPartSize, max: 20 * GiB }),
	fc.constantFrom(8 * MiB, 8 * MiB + 1, 13 * MiB, 13 * MiB - 1, 16 * MiB, 21 * MiB),
);
const LAST = fc.integer({ min: 1, max: 20 * GiB });
const ARCHIVE = fc.record({
	shards: fc.array(SHARD, { maxLength: 300 }),
	last: LAST,
	directoryBound: fc.integer({ min: 22, max: 10 * GiB }),
	exact: fc.boolean(),
});

describe("numberParts", () => {
	it("gives every shard and the directory ranges of their own, rising, within the limits of the storage", () => {
		fc.assert(
			fc.property(ARCHIVE, ({ shards, last, directoryBound, exact }) => {
				const sizeBounds = [...shards, last];
				const { partSize, directory, ...numbers } = numberParts(
					{ sizeBounds, directoryBound, exact },
					limits,
				);
				expect(partSize).toBeGreaterThanOrEqual(8 * MiB);
				expect(partSize % MiB).toBe(0);
				let next = 1;
				for (const { firstPart, partCount } of numbers.shards) {
					expect(firstPart).toBe(next);
					next += partCount;
				}
				expect(numbers.shards).toHaveLength(sizeBounds.length);
				expect(directory.firstPart).toBe(next);
				expect(directory.sizeBound).toBeGreaterThanOrEqual(directoryBound);
				expect(directory.partCount * partSize).toBeGreaterThanOrEqual(directory.sizeBound);
				expect(directory.firstPart + directory.partCount - 1).toBeLessThanOrEqual(limits.maxPartCount);
			}),
		);
	});

	it("has a number for each part of a shard that gets as large as it can, or smaller", () => {
		fc.assert(
			fc.property(ARCHIVE, fc.double({ min: 0, max: 1, noNaN: true }), (archive, share) => {
				const sizeBounds = [...archive.shards, archive.last];
				const { partSize, shards } = numberParts({ ...archive, sizeBounds, exact: false }, limits);
				for (const [index, bound] of sizeBounds.entries()) {
					const least = Math.min(bound, minPartSize);
					const size = Math.round(least + share * (bound - least));
					const parts = cut(size, partSize);
					expect(parts.length).toBeLessThanOrEqual(shards[index]?.partCount ?? 0);
					if (size < minPartSize) continue;
					for (const part of parts) {
						expect(part).toBeGreaterThanOrEqual(minPartSize);
						expect(part).toBeLessThan(partSize + minPartSize);
					}
				}
			}),
		);
	});

	it("leaves no gap where sizes are known: a shard has exactly the parts that it is cut into", () => {
		fc.assert(
			fc.property(ARCHIVE, (archive) => {
				const sizeBounds = [...archive.shards, archive.last];
				const { partSize, shards, directory } = numberParts({ ...archive, sizeBounds, exact: true }, limits);
				for (const [index, size] of archive.shards.entries())
					expect(shards[index]?.partCount).toBe(cut(size, partSize).length);
				// The end of the last one goes before the directory if it is no part.
				const { firstPart = 0, partCount = 0 } = shards.at(-1) ?? {};
				expect(partCount).toBe(archive.last < minPartSize ? 0 : cut(archive.last, partSize).length);
				expect(directory.firstPart).toBe(firstPart + partCount);
			}),
		);
	});

	it("takes the smallest parts with which the numbers are enough", () => {
		fc.assert(
			fc.property(ARCHIVE, ({ shards, last, directoryBound }) => {
				const sizeBounds = [...shards, last];
				const archive = { sizeBounds, directoryBound, exact: false };
				const { partSize } = numberParts(archive, limits);
				if (partSize === 8 * MiB) return;
				expect(() => numberParts({ ...archive, partSize: partSize - MiB }, limits)).toThrow(
					ArchiveTooLargeError,
				);
			}),
			{ numRuns: 50 },
		);
	});

	it("keeps to the part size that was asked for, or says which one would do", () => {
		const sizeBounds = Array.from({ length: 100 }, () => GiB);
		const archive = { sizeBounds, directoryBound: 22, exact: false };
		expect(numberParts({ ...archive, partSize: 64 * MiB }, limits).partSize).toBe(64 * MiB);
		expect(() => numberParts({ ...archive, partSize: 8 * MiB }, limits)).toThrow(
			/may need 12,801 parts of 8 MiB, and the storage takes 10,000; set the part size to 11 MiB or leave it out/,
		);
	});

	it("refuses parts whose last one could be too small or too large", () => {
		const archive = { sizeBounds: [GiB], directoryBound: 22, exact: false };
		for (const partSize of [1, 5 * MiB - 1, 2047 * MiB, 8.5 * MiB + 0.5])
			expect(() => numberParts({ ...archive, partSize }, limits)).toThrow(InvalidOptionError);
		expect(numberParts({ ...archive, partSize: 2042 * MiB }, limits).partSize).toBe(2042 * MiB);
	});

	it("refuses an archive that the storage would not take, before anything is sent", () => {
		const tiB = 1024 * GiB;
		const tooLarge = { sizeBounds: [3 * tiB, 2 * tiB], directoryBound: 22, exact: true };
		expect(() => numberParts(tooLarge, limits)).toThrow(
			/may reach 5 TiB; the storage takes objects of up to 5 TiB/,
		);
		const few: PartLimits = { ...limits, maxPartCount: 4 };
		const many = { sizeBounds: [MiB, MiB, MiB, MiB], directoryBound: 22, exact: false };
		expect(() => numberParts(many, few)).toThrow(
			/4 shards have a part each at least, and the storage takes 4 parts/,
		);
	});

	it("fits ten thousand parts also where a thousand is all there is", () => {
		const few = providerByName("scaleway").limits;
		const sizeBounds = Array.from({ length: 250 }, () => GiB);
		const { directory, partSize } = numberParts({ sizeBounds, directoryBound: GiB, exact: false }, few);
		expect(directory.firstPart + directory.partCount - 1).toBeLessThanOrEqual(1000);
		expect(partSize).toBe(342 * MiB);
	});
});

describe("partCountOf", () => {
	it("is what cutting gives, but for ends that are too few bytes for a part", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 200 * MiB }),
				fc.integer({ min: 5 * MiB, max: 40 * MiB }),
				(size, part) => {
					expect(partCountOf(size, part, minPartSize)).toBe(size < minPartSize ? 0 : cut(size, part).length);
				},
			),
		);
	});
});
