import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OWN_CHUNKS } from "../../../src/bytes/chunk-memory.ts";
import { contentOfRun, copiedRun } from "../../../src/compose/copyable/copied-run.ts";
import type { CopyableEntries } from "../../../src/compose/copyable/copyable-entries.ts";
import { NotCopyableError, readCopyable } from "../../../src/compose/copyable/read-copyable.ts";
import { ArchiveReader } from "../../../src/reader/archive-reader.ts";
import { readHeader } from "../../../src/reader/directory/read-header.ts";
import { memorySource } from "../../../src/reader/ranged/memory-source.ts";
import { CentralDirectory } from "../../../src/zip/directory/central-directory.ts";
import { headersOf } from "../../../src/zip/directory/slice.ts";
import { mayExceed32Bits, U32_MAX } from "../../../src/zip/format/limits.ts";
import { DEFLATED, STORED, ZSTD } from "../../../src/zip/format/records.ts";
import { handMadeArchive } from "../../support/hand-made-archive.ts";
import { headerAt, type VirtualEntry, virtualArchive } from "./virtual-archive.ts";

const GiB = 1024 ** 3;
const SIZES = [0, 1, 70_000, 3 * 1024 ** 2, 2 * GiB, U32_MAX - 1, U32_MAX, U32_MAX + 1, 5 * GiB];
const TIMES = [1e12, -1e12, -4e12, 5e12, Date.UTC(1980, 0, 1), Date.UTC(2107, 11, 31), 0];

let count = 0;
const entries = fc
	.record({
		method: fc.constantFrom(STORED, DEFLATED, ZSTD),
		uncompressedSize: fc.constantFrom(...SIZES),
		compressedSize: fc.constantFrom(...SIZES),
		mtimeMs: fc.constantFrom(...TIMES),
		dataDescriptor: fc.boolean(),
		unknownSize: fc.boolean(),
		comment: fc.constantFrom("", "why", "ü", "\ufeffmark"),
		stem: fc.constantFrom("a", "ü", "long/".repeat(20)),
		utf8: fc.boolean(),
	})
	.map(({ unknownSize, stem, utf8, ...given }): VirtualEntry => {
		const facts = given.method === STORED ? { ...given, compressedSize: given.uncompressedSize } : given;
		const { uncompressedSize, compressedSize, dataDescriptor, comment, method } = facts;
		const large = Math.max(uncompressedSize, compressedSize) >= U32_MAX;
		const zip64 = large || (dataDescriptor && (unknownSize || mayExceed32Bits(uncompressedSize)));
		const isText = utf8 || comment === "ü" || comment === "\ufeffmark";
		const name = Buffer.from(`${stem}${count++}`, isText ? "utf8" : "latin1");
		return { ...facts, method, zip64, name, utf8: isText };
	});

/** Headers of a run when it is laid out behind so many bytes. */
function laidOut(copyable: CopyableEntries, from: number, to: number, before: number): readonly Buffer[] {
	const directory = new CentralDirectory();
	const run = { from, to, start: copyable.startAt(from), end: copyable.startAt(to) };
	for (const header of headersOf(copyable.directoryOf([run])))
		expect(directory.append(header, before)).toBe(true);
	const pages = [...directory.pages(OWN_CHUNKS)];
	return [...headersOf({ entryCount: to - from, pages })].map((header) => Buffer.from(header));
}

describe("the entries of an archive that can be copied", () => {
	it("have the headers that they would have been given at any other place, across 4 GiB in both directions", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(entries, { minLength: 1, maxLength: 8 }),
				fc.integer({ min: 0 }),
				fc.constantFrom(0, 1, 100_000, U32_MAX - 1, U32_MAX, 5 * GiB),
				async (list, shuffle, before) => {
					const numbers = list.map((_, index) => index);
					const order = numbers.toSorted((a, b) => ((a * shuffle) % 7) - ((b * shuffle) % 7) || a - b);
					const { reader, starts } = virtualArchive(list, order);
					const copyable = await readCopyable(reader);
					expect(copyable.count).toBe(list.length);
					expect(copyable.size).toBe(starts.at(-1));
					for (const [index, number] of order.entries()) {
						const entry = list[number];
						if (entry === undefined) continue;
						expect(headerAt(entry, 0).equals(copyable.headerOf(index))).toBe(true);
						expect(copyable.indexOf(entry.name)).toBe(index);
					}
					for (const place of numbers) expect(copyable.at(place)).toBe(order.indexOf(place));
					expect(numbers.map((place) => copyable.startAt(place))).toEqual(starts.slice(0, -1));
					const from = shuffle % list.length;
					const moved = laidOut(copyable, from, list.length, before);
					const expected = list
						.slice(from)
						.map((entry, nth) => headerAt(entry, before + (starts[from + nth] ?? 0) - (starts[from] ?? 0)));
					expect(moved.map((header) => header.toString("hex"))).toEqual(
						expected.map((header) => header.toString("hex")),
					);
				},
			),
			{ numRuns: 300, seed: 20 },
		);
	});

	it("are not found by names that are not theirs, and directories are by their names without the slash", async () => {
		const facts = { method: STORED, uncompressedSize: 0, compressedSize: 0, mtimeMs: 1e12 } as const;
		const plain = { ...facts, dataDescriptor: false, zip64: false, utf8: false };
		const { reader } = virtualArchive([
			{ ...plain, name: Buffer.from("a/") },
			{ ...plain, name: Buffer.from("a/b") },
		]);
		// Its attributes say that it is a file, as its name does not.
		await expect(readCopyable(reader)).rejects.toThrow(NotCopyableError);
		const copyable = await readCopyable(virtualArchive([{ ...plain, name: Buffer.from("a/b") }]).reader);
		expect(["a", "a/", "a/b", "a/b/", "b", ""].map((name) => copyable.indexOf(Buffer.from(name)))).toEqual([
			...[undefined, undefined, 0, 0, undefined, undefined],
		]);
	});

	it("are a run with what they were read as", async () => {
		const facts = { method: STORED, compressedSize: 5, uncompressedSize: 5, mtimeMs: 1e12 } as const;
		const plain = { ...facts, dataDescriptor: false, zip64: false, utf8: true };
		const names = ["x", "ü", "z"];
		const list = names.map((name) => ({ ...plain, name: Buffer.from(name) }));
		const copyable = await readCopyable(virtualArchive(list, [2, 0, 1]).reader);
		const run = { from: 1, to: 3, start: copyable.startAt(1), end: copyable.startAt(3) };
		const spans = [{ byteLength: run.end - run.start }];
		const made = copiedRun({
			...{ entries: copyable, runs: [run], location: "s3://b/a.zip", spans, heldSize: 0 },
			positionOf: (index) => index * 10,
		});
		expect(made.byteLength).toBe(run.end - run.start);
		expect([made.originOf(0), made.originOf(1)]).toEqual(["s3://b/a.zip!/ü", "s3://b/a.zip!/z"]);
		expect([made.positionOf?.(0), made.positionOf?.(1)]).toEqual([20, 0]);
		const first = { from: 0, to: 1, start: 0, end: copyable.startAt(1) };
		const both = copiedRun({
			...{ entries: copyable, runs: [first, { ...run, from: 2, start: copyable.startAt(2) }] },
			...{ location: "s3://b/a.zip", spans, heldSize: 0, positionOf: (index: number) => index * 10 },
		});
		expect([both.originOf(0), both.originOf(1)]).toEqual(["s3://b/a.zip!/x", "s3://b/a.zip!/z"]);
		expect([...headersOf(both.directory)].map((header) => readHeader(header, 0, 0))).toMatchObject([
			{ offset: 0 },
			{ offset: copyable.startAt(1) },
		]);
		const content = contentOfRun(copyable, run);
		expect(content?.size).toBe(10);
		expect(Buffer.from(content?.lastEntry.name ?? []).toString()).toBe("z");
	});
});

describe("an archive that cannot be copied from", () => {
	const plain: VirtualEntry = {
		...{ method: STORED, compressedSize: 9, uncompressedSize: 9, mtimeMs: 1e12, name: Buffer.from("a") },
		...{ dataDescriptor: false, zip64: false, utf8: false },
	};
	const other = { ...plain, name: Buffer.from("b") };
	const open = (bytes: Uint8Array) =>
		new ArchiveReader(memorySource("a.zip", bytes, { type: "s3", etag: "e", versionId: undefined }));

	it("was made by another program", async () => {
		const reader = open(handMadeArchive([{ name: "a", content: "x" }]));
		await expect(readCopyable(reader)).rejects.toThrow("was not made by zipferry");
	});

	it.each([1, 28, 1000])("has %d bytes between its entries", async (gap) => {
		const { reader } = virtualArchive([plain, other], undefined, gap);
		await expect(readCopyable(reader)).rejects.toThrow("other bytes between its entries");
	});

	it("has an entry twice, or two that share bytes", async () => {
		const { reader } = virtualArchive([plain, other], [0, 0]);
		await expect(readCopyable(reader)).rejects.toThrow(NotCopyableError);
	});
});
