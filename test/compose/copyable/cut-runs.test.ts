import { describe, expect, it } from "vitest";
import type { CopyableEntries } from "../../../src/compose/copyable/copyable-entries.ts";
import { cutRuns, neighbours, type RunCutting } from "../../../src/compose/copyable/cut-runs.ts";
import { readCopyable } from "../../../src/compose/copyable/read-copyable.ts";
import { STORED } from "../../../src/zip/format/records.ts";
import { lengthOf, type VirtualEntry, virtualArchive } from "./virtual-archive.ts";

/** Entries of so many bytes each, headers included. */
function entriesOf(...sizes: readonly number[]): Promise<CopyableEntries> {
	const list = sizes.map((size, index): VirtualEntry => {
		const facts = { name: Buffer.from(`f${index}`), method: STORED, mtimeMs: 1e12, utf8: false } as const;
		const entry = { ...facts, dataDescriptor: false, zip64: false, compressedSize: 0, uncompressedSize: 0 };
		const content = size - lengthOf(entry);
		return { ...entry, compressedSize: content, uncompressedSize: content };
	});
	return readCopyable(
		virtualArchive(
			list,
			sizes.map((_, index) => sizes.length - 1 - index),
		).reader,
	);
}

/** Chosen by their places in the order of the data. */
async function cut(sizes: readonly number[], chosen: string, cutting: Partial<RunCutting> = {}) {
	const entries = await entriesOf(...sizes);
	const isChosen = (index: number) => chosen[sizes.length - 1 - index] === "x";
	const limits = { minSize: 1, maxPartSize: 1e9, maxPartCount: 1e9, ...cutting };
	return cutRuns(entries, isChosen, limits).map(({ from, to, start, end }) => [from, to, end - start]);
}

describe("cutRuns", () => {
	it("takes neighbours in the order of the data together", async () => {
		expect(await cut([100, 200, 300, 400, 500], "xx-xx")).toEqual([
			[0, 2, 300],
			[3, 5, 900],
		]);
		expect(await cut([100, 200], "--")).toEqual([]);
		expect(await cut([100, 200], "xx")).toEqual([[0, 2, 300]]);
	});

	it("leaves runs out that are smaller than a part", async () => {
		expect(await cut([100, 200, 300, 400], "xx-x", { minSize: 300 })).toEqual([
			[0, 2, 300],
			[3, 4, 400],
		]);
		expect(await cut([100, 200, 300, 400], "xx-x", { minSize: 301 })).toEqual([[3, 4, 400]]);
	});

	it("takes the largest where there are more parts than allowed, in the order of the data", async () => {
		const sizes = [100, 100, 300, 100, 200, 100, 400];
		expect(await cut(sizes, "x-x-x-x", { maxPartCount: 2 })).toEqual([
			[2, 3, 300],
			[6, 7, 400],
		]);
		expect(await cut(sizes, "x-x-x-x", { maxPartCount: 4 })).toHaveLength(4);
		expect(await cut(sizes, "x-x-x-x", { maxPartCount: 0 })).toEqual([]);
	});

	it("counts the parts of runs that are longer than one", async () => {
		const sizes = [1000, 100, 300, 100, 250];
		// 1000 bytes are four parts of up to 300.
		expect(await cut(sizes, "x-x-x", { maxPartSize: 300, maxPartCount: 6 })).toHaveLength(3);
		expect(await cut(sizes, "x-x-x", { maxPartSize: 300, maxPartCount: 5 })).toEqual([
			[0, 1, 1000],
			[2, 3, 300],
		]);
		expect(await cut(sizes, "x-x-x", { maxPartSize: 300, maxPartCount: 3 })).toEqual([
			[2, 3, 300],
			[4, 5, 250],
		]);
	});

	it("knows all runs of any size", async () => {
		const entries = await entriesOf(100, 200, 300);
		expect([...neighbours(entries, (index) => index !== 1)].map(({ from, to }) => [from, to])).toEqual([
			[0, 1],
			[2, 3],
		]);
		expect([...neighbours(await entriesOf(), () => true)]).toEqual([]);
	});
});
