import { lutimes, utimes } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { memoryCrcCache } from "../../../src/archive/layout/crc/memory-crc-cache.ts";
import type { GeneratedEntry } from "../../../src/sources/source.ts";
import { noise } from "../../support/bytes.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { archiveOf, layoutOf, rangeOf } from "./layouts.ts";

const temp = useTempDirectory();
const MiB = 1024 * 1024;

const size = fc.oneof(
	fc.constantFrom(0, 1, 65_534, 65_535, 65_536, MiB - 1, MiB, MiB + 1, 2 * MiB, 3 * MiB + 65_536),
	fc.integer({ min: 0, max: 3000 }),
);
const mtime = fc
	.constantFrom("1975-01-01", "2024-02-29", "2038-01-20", "2101-01-01")
	.map((text) => new Date(text));
const segment = fc.constantFrom("a", "ü", "日本", "👋🏽", "a b", "-x", "COM1", "n".repeat(200));
const details = fc.record({
	size,
	mtime,
	kind: fc.constantFrom("file", "file", "file", "directory", "link"),
	method: fc.constantFrom(undefined, "store" as const, "wrap" as const),
	mode: fc.constantFrom(undefined, 0, 0o600, 0o4755),
	comment: fc.option(fc.string({ unit: "grapheme", maxLength: 9 }), { nil: undefined }),
	segment,
});

const entries = fc.array(details, { minLength: 1, maxLength: 8 }).map((list) =>
	list.map(({ size: bytes, kind, segment: text, ...rest }, index): GeneratedEntry => {
		const name = `${index}/${text}`;
		if (kind === "directory") return { ...rest, name: `${name}/` };
		if (kind === "link") return { ...rest, name, linkTarget: text };
		return { ...rest, name, content: noise(bytes, index) };
	}),
);

/** Ranges, as numbers from 0 to 1. */
const ranges = fc.array(
	fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
	{
		minLength: 3,
		maxLength: 6,
	},
);

describe("a layout", () => {
	it("gives the bytes of the archive for any entries, in any ranges, in any order", async () => {
		await fc.assert(
			fc.asyncProperty(entries, fc.string(), ranges, async (list, comment, wanted) => {
				const cache = memoryCrcCache();
				const expected = await archiveOf([list], { comment });
				const layout = await layoutOf([list], { comment }, cache);
				expect(layout.size).toBe(expected.byteLength);
				for (const pair of wanted) {
					const [start = 0, end = 0] = pair
						.map((part) => Math.floor(part * expected.byteLength))
						.sort((a, b) => a - b);
					expect((await rangeOf(layout, start, end)).equals(expected.subarray(start, end))).toBe(true);
				}
				for (const warm of [cache, memoryCrcCache()]) {
					const other = await layoutOf([list], { comment }, warm);
					expect(other.digest).toBe(layout.digest);
					expect((await rangeOf(other)).equals(expected)).toBe(true);
				}
			}),
			{ numRuns: 25 },
		);
	});

	it("gives the bytes of the archive for a tree on disk, links and late times included", async () => {
		await temp.write({
			"t/1": "x",
			"t/65535": noise(65_535),
			"t/block": noise(MiB),
			"t/d/ü/large": noise(3 * MiB + 1),
			"t/empty": "",
			"t/link": { link: "d/ü/large" },
		});
		await utimes(temp.path("t/1"), 0, 2 ** 31 + 5);
		await utimes(temp.path("t/65535"), 0, 1_700_000_000.9999998);
		await lutimes(temp.path("t/link"), 0, 1_500_000_001);
		for (const symlinks of ["store", "follow", "skip"] as const) {
			const expected = await archiveOf(temp.path("t"), { symlinks });
			const layout = await layoutOf(temp.path("t"), { symlinks });
			for (let start = 0; start < layout.size; start += 77_777) {
				const end = Math.min(layout.size, start + 77_777);
				expect((await rangeOf(layout, start, end)).equals(expected.subarray(start, end))).toBe(true);
			}
			expect((await rangeOf(layout)).equals(expected)).toBe(true);
		}
	});

	test("needs ZIP64 from 65,535 entries on, as the archive does", { tags: "slow" }, async () => {
		const list = Array.from({ length: 65_536 }, (_, index) => ({
			name: `${index}`,
			content: "x",
			mtime: 1e12,
		}));
		const expected = await archiveOf([list]);
		const layout = await layoutOf([list]);
		expect(layout.entryCount).toBe(65_536);
		expect((await rangeOf(layout)).equals(expected)).toBe(true);
		const start = layout.size - 300;
		expect((await rangeOf(layout, start)).equals(expected.subarray(start))).toBe(true);
	});
});
