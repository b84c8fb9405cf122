import { describe, expect, it } from "vitest";
import { MiB } from "../../../../src/bytes/units.ts";
import { providerByName } from "../../../../src/s3/providers.ts";
import { type CopyCandidate, CopyCandidates } from "../../../../src/shards/plan/copies/copy-candidates.ts";
import { type LaidArchive, layCopies } from "../../../../src/shards/plan/copies/lay-copies.ts";

const { limits } = providerByName("aws");
/** Bytes of a header, and of what stands behind the content. */
const [HEADER, DESCRIPTOR] = [60, 16];

/** Shards of objects of these sizes, and nothing else. */
function archiveOf(sizes: readonly (readonly number[])[], partSize?: number): LaidArchive {
	const candidates: CopyCandidate[] = [];
	let [entry, end] = [0, 0];
	const shards = sizes.map((ofShard) => {
		let sizeBound = 0;
		for (const size of ofShard) {
			end += HEADER + size;
			candidates.push({ source: { bucket: "b", key: `${entry}` }, etag: "e", entry, end, size });
			end += DESCRIPTOR;
			sizeBound += HEADER + size + DESCRIPTOR;
			entry += 1;
		}
		return { entryCount: ofShard.length, sizeBound };
	});
	return { shards, candidates, directoryBound: 6 * MiB, partSize, usualPartSize: 8 * MiB };
}

const copiesOf = (archive: LaidArchive) =>
	layCopies(archive, limits)?.shards.map(({ copies }) =>
		copies.map(({ entry, byteLength }) => [entry, byteLength / MiB]),
	);

describe("layCopies", () => {
	it("sends the first 5 MiB of each object, and 5 MiB at the end of a shard that others follow", () => {
		const rest = 15 * MiB - DESCRIPTOR;
		const shards = [
			[20 * MiB, 20 * MiB],
			[10 * MiB, 12 * MiB],
		];
		expect(copiesOf(archiveOf(shards))).toEqual([
			[
				[0, 15],
				[1, (rest - 5 * MiB + 2 * DESCRIPTOR) / MiB],
			],
			[
				[0, 5],
				[1, 7],
			],
		]);
	});

	it("sends all of the object at the end of a shard if less than a part of it would be copied", () => {
		const shards = [[30 * MiB, 14 * MiB], [30 * MiB]];
		expect(copiesOf(archiveOf(shards))).toEqual([[[0, 25]], [[0, 25]]]);
	});

	it("counts the parts that the bytes between ranges are cut into", () => {
		const laid = layCopies(archiveOf([[11 * MiB, 11 * MiB], [11 * MiB]], 10 * MiB), limits);
		// A beginning, a range, and all of the other; a beginning and a range, and behind it less than a part.
		expect(laid?.shards.map(({ partCount }) => partCount)).toEqual([4, 2]);
	});

	it("copies the largest if there are more than there are numbers for", () => {
		const few = { ...limits, maxPartCount: 24 };
		const archive = archiveOf([[12, 40, 12, 40, 12, 40].map((size) => size * MiB)]);
		const laid = layCopies(archive, few);
		const entries = laid?.shards[0]?.copies.map(({ entry }) => entry) ?? [];
		expect(entries).toEqual(expect.arrayContaining([1, 3, 5]));
		expect(laid?.shards[0]?.partCount).toBeLessThanOrEqual(24);
		expect(layCopies(archive, { ...limits, maxPartCount: 2 })).toBeUndefined();
	});

	it("copies an object of more than a part may have in several", () => {
		const laid = layCopies(archiveOf([[11 * 1024 * MiB]]), limits);
		expect(laid?.shards).toMatchObject([{ copies: [{ entry: 0 }], partCount: 1 + 3 }]);
	});
});

describe("CopyCandidates", () => {
	it("holds the largest, the first of the same size, in their order", () => {
		const candidates = new CopyCandidates({ ...limits, maxPartCount: 6 });
		const sizes = [11, 9, 30, 11, 20, 11, 10, 11, 40, 11, 11, 11];
		for (const [entry, size] of sizes.entries())
			candidates.add({ source: { bucket: "b", key: "k" }, etag: "e", entry, end: 0, size: size * MiB });
		expect(candidates.all.map(({ entry }) => entry)).toEqual([2, 4, 8]);
		const few = new CopyCandidates({ ...limits, maxPartCount: 20 });
		for (const [entry, size] of sizes.entries())
			few.add({ source: { bucket: "b", key: "k" }, etag: "e", entry, end: 0, size: size * MiB });
		expect(few.all.map(({ entry }) => entry)).toEqual([0, 2, 3, 4, 5, 7, 8, 9, 10, 11]);
	});
});
