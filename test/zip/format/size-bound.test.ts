import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry } from "../../../src/zip/entry.ts";
import { BLOCK_SIZE } from "../../../src/zip/format/limits.ts";
import { SizeBound } from "../../../src/zip/format/size-bound.ts";
import { wholeArchive } from "../../support/archive-of.ts";
import { lines, noise } from "../../support/bytes.ts";
import { directoryEntry, fileEntry } from "../../support/entries.ts";
import { METHODS_HERE } from "../../support/zstd.ts";

function boundOf(entries: readonly Entry[], commentSize = 0): SizeBound & { total: number } {
	const bound = new SizeBound();
	for (const entry of entries) bound.add(entry);
	return Object.assign(bound, { total: bound.bytes(commentSize) });
}

describe("SizeBound", () => {
	it("is exact for entries without data", async () => {
		const entries = [directoryEntry("d/"), fileEntry("empty", "", { comment: "ä" })];
		const { bytes } = await wholeArchive(entries, { comment: Buffer.from("note") });
		expect(boundOf(entries, 4).total).toBe(bytes.byteLength);
	});

	it("is 22 bytes without entries", () => {
		expect(boundOf([]).total).toBe(22);
	});

	it("is never below the real length", async () => {
		const size = fc.oneof(
			fc.integer({ min: 0, max: 2000 }),
			fc.integer({ min: 65_530, max: 65_540 }),
			fc.integer({ min: BLOCK_SIZE - 1, max: BLOCK_SIZE + 1 }),
			fc.integer({ min: 2 * BLOCK_SIZE, max: 2 * BLOCK_SIZE + 70_000 }),
		);
		const description = fc.record({
			size,
			random: fc.boolean(),
			method: fc.constantFrom(...METHODS_HERE),
			mtimeMs: fc.constantFrom(0, Date.UTC(2050, 0, 1), Date.UTC(1900, 0, 1)),
			comment: fc.option(fc.string({ unit: "grapheme", maxLength: 20 }), { nil: undefined }),
			kind: fc.constantFrom("file" as const, "directory" as const),
		});
		await fc.assert(
			fc.asyncProperty(fc.array(description, { maxLength: 6 }), fc.string(), async (descriptions, note) => {
				const entries = descriptions.map(({ size, random, kind, ...details }, index) =>
					kind === "directory"
						? directoryEntry(`${index}/`, details)
						: fileEntry(`${index}`, random ? noise(size, index) : lines(size), details),
				);
				const comment = Buffer.from(note);
				const { bytes } = await wholeArchive(entries, { comment, level: 1 });
				expect(boundOf(entries, comment.byteLength).total).toBeGreaterThanOrEqual(bytes.byteLength);
			}),
			{ numRuns: 40 },
		);
	});

	it("is exact where nothing is compressed", async () => {
		const size = fc.oneof(
			fc.integer({ min: 0, max: 2000 }),
			fc.integer({ min: BLOCK_SIZE - 1, max: 3 * BLOCK_SIZE }),
		);
		const mtimeMs = fc.constantFrom(0, Date.UTC(2050, 0, 1), Date.UTC(1900, 0, 1));
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.record({ size, mtimeMs }), { maxLength: 5 }),
				fc.string(),
				async (files, note) => {
					const entries = files.map((file, index) =>
						fileEntry(`${index}`, lines(file.size), { mtimeMs: file.mtimeMs }),
					);
					const comment = Buffer.from(note);
					for (const method of ["store", "wrap"] as const) {
						const bound = new SizeBound(method);
						for (const entry of entries) bound.add(entry);
						const { bytes } = await wholeArchive(entries, { comment, method });
						expect(bound.exact).toBe(true);
						expect(bound.bytes(comment.byteLength)).toBe(bytes.byteLength);
					}
				},
			),
			{ numRuns: 30 },
		);
	});

	it("says that it is only a bound where something may get smaller", () => {
		const bound = new SizeBound("store");
		bound.add({ name: Buffer.from("a"), kind: "file", size: 10, mtimeMs: 0 });
		expect(bound.exact).toBe(true);
		bound.add({ name: Buffer.from("b"), kind: "file", size: 10, mtimeMs: 0, method: "auto" });
		expect(bound.exact).toBe(false);
	});

	it("knows when it bounds nothing", () => {
		expect(boundOf([fileEntry("f", "x")]).known).toBe(true);
		expect(boundOf([fileEntry("f", "x", { sizeKnown: false })]).known).toBe(false);
		expect(boundOf([directoryEntry("d/", { size: undefined })]).known).toBe(true);
	});

	it.each([
		["a small entry", 1, 1000, false],
		["an entry of 4 GiB", 1, 2 ** 32, true],
		["many entries", 65_535, 0, true],
		["not quite so many", 65_534, 0, false],
		["entries that begin behind 4 GiB", 5, 2 ** 30, true],
	])("foresees ZIP64 for %s", (_what, count, size, zip64) => {
		const bound = new SizeBound();
		for (let index = 0; index < count; index++) {
			bound.add({ name: Buffer.from("name"), kind: "file", size, mtimeMs: 0 });
		}
		expect(bound.zip64).toBe(zip64);
	});

	it("allows for every record of ZIP64", () => {
		const bound = new SizeBound();
		bound.add({ name: Buffer.from("a"), kind: "file", size: 2 ** 32, mtimeMs: 0 });
		const stored = 2 ** 32 + 5 * 17 * 4096;
		expect(bound.bytes(0)).toBe(30 + 1 + 9 + 20 + stored + 24 + (46 + 1 + 9 + 4 + 16) + 56 + 20 + 22);
	});
});
