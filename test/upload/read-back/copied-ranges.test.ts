import { describe, expect, it } from "vitest";
import { CopiedRanges } from "../../../src/upload/read-back/copied-ranges.ts";

const range = (offset: number, byteLength: number) => ({
	source: { bucket: "bucket", key: "key" },
	...{ etag: "etag", offset, byteLength },
});

describe("what is copied of an archive", () => {
	it("is known by the place that it has there", () => {
		const copied = new CopiedRanges();
		copied.begin();
		expect(copied.isEmpty).toBe(true);
		for (const piece of [range(1_000, 10), new Uint8Array(5), range(2_000, 20), range(3_000, 30)])
			copied.add(piece);
		expect(copied.isEmpty).toBe(false);
		const starts = (start: number, end: number) =>
			[...copied.within(start, end)].map((placed) => [placed.start, placed.range.offset]);
		expect(starts(0, 65)).toEqual([
			[0, 1_000],
			[15, 2_000],
			[35, 3_000],
		]);
		expect(starts(9, 15)).toEqual([[0, 1_000]]);
		expect(starts(10, 15)).toEqual([]);
		expect(starts(34, 36)).toHaveLength(2);
		expect(starts(65, 70)).toEqual([]);
		expect([copied.touches(10, 15), copied.touches(10, 16), copied.touches(64, 65)]).toEqual([
			false,
			true,
			true,
		]);
	});

	it("is noted anew when the archive is made once more", () => {
		const copied = new CopiedRanges();
		copied.add(range(0, 10));
		copied.begin();
		copied.add(new Uint8Array(3));
		copied.add(range(7, 10));
		expect([...copied.within(0, 100)].map(({ start }) => start)).toEqual([3]);
	});
});
