import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ZipStream } from "../../src/archive/zip-stream.ts";
import type { Entry, EntryKind } from "../../src/zip/entry.ts";
import { checkEntryName } from "../../src/zip/format/entry-name.ts";
import { BLOCK_SIZE } from "../../src/zip/format/limits.ts";
import { asyncOf, wholeArchive } from "../support/archive-of.ts";
import { collect, cut, lines, noise } from "../support/bytes.ts";
import { entryOf, readerOf } from "../support/entries.ts";
import { inspectArchive } from "../support/inspect-archive.ts";
import { METHODS_HERE } from "../support/zstd.ts";

const method = fc.constantFrom(...METHODS_HERE);

/** Sizes at which something changes, and others. */
const size = fc.oneof(
	{ weight: 4, arbitrary: fc.nat({ max: 3000 }) },
	{ weight: 2, arbitrary: fc.integer({ min: 16_380, max: 24_600 }) },
	{ weight: 1, arbitrary: fc.integer({ min: BLOCK_SIZE - 1, max: BLOCK_SIZE + 1 }) },
	{ weight: 1, arbitrary: fc.integer({ min: 2 * BLOCK_SIZE - 1, max: 2 * BLOCK_SIZE + 70_000 }) },
);

const content = fc
	.record({ size, random: fc.boolean(), seed: fc.nat() })
	.map(({ size, random, seed }) => (random ? noise(size, seed) : lines(size)));

const description = fc.record({
	content,
	kind: fc.constantFrom<EntryKind>("file", "file", "file", "directory", "symlink"),
	sizeKnown: fc.boolean(),
	mtimeMs: fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -(2 ** 42), max: 2 ** 43 })),
	mode: fc.nat({ max: 0o7777 }),
	comment: fc.option(fc.string({ unit: "grapheme", maxLength: 30 }), { nil: undefined }),
	method: fc.option(method, { nil: undefined }),
});
type Description = typeof description extends fc.Arbitrary<infer Value> ? Value : never;

/** How an archive is made, which must not show in it. */
const circumstances = fc.record({
	concurrency: fc.integer({ min: 1, max: 8 }),
	readSize: fc.oneof(fc.integer({ min: 5_000, max: BLOCK_SIZE }), fc.constant(Number.POSITIVE_INFINITY)),
	delays: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 10 }),
});
type Circumstances = typeof circumstances extends fc.Arbitrary<infer Value> ? Value : never;

function entriesOf(descriptions: readonly Description[], { readSize, delays }: Circumstances): Entry[] {
	return descriptions.map(({ content, kind, sizeKnown, ...details }, index) => {
		const bytes = kind === "symlink" ? Buffer.from(`target ${index}`) : content;
		const open = async () => {
			await delay(delays[index % delays.length]);
			const reader = readerOf(bytes, { readSize, sizeKnown });
			return {
				...reader,
				read: async (into: Uint8Array) => {
					await delay(delays[(index + 1) % delays.length]);
					return reader.read(into);
				},
			};
		};
		return entryOf(`${index}${kind === "directory" ? "/" : ""}`, open, { ...details, kind });
	});
}

async function delay(turns = 0): Promise<void> {
	for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe("archive: any entries", () => {
	it("give the same bytes whatever the concurrency, the reads and the timing, and a sound archive", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(description, { maxLength: 8 }),
				circumstances,
				circumstances,
				method,
				fc.string({ unit: "grapheme", maxLength: 50 }),
				async (descriptions, first, second, choice, note) => {
					const make = (how: Circumstances) =>
						wholeArchive(entriesOf(descriptions, how), {
							method: choice,
							level: 1,
							comment: Buffer.from(note),
							concurrency: how.concurrency,
						});
					const { bytes, summary } = await make(first);
					expect((await make(second)).bytes.equals(bytes)).toBe(true);

					const { entries, comment } = inspectArchive(bytes);
					expect(comment.toString()).toBe(Buffer.from(note).toString());
					expect(summary).toMatchObject({ size: bytes.byteLength, entryCount: descriptions.length });
					for (const [index, { kind, content, mode, comment = "" }] of descriptions.entries()) {
						const entry = entries[index];
						expect(entry).toMatchObject({ kind, mode, comment: Buffer.from(comment).toString() });
						if (kind === "file") expect(entry?.content.equals(content)).toBe(true);
					}
				},
			),
			{ numRuns: 60 },
		);
	});

	it("give the same bytes from a stream however it is cut", async () => {
		const lengths = fc.array(fc.oneof(fc.nat({ max: 100_000 }), fc.constant(0), fc.constant(BLOCK_SIZE)), {
			minLength: 1,
			maxLength: 6,
		});
		await fc.assert(
			fc.asyncProperty(fc.array(content, { maxLength: 4 }), lengths, lengths, async (contents, ...cuts) => {
				const made = cuts.map((how) => {
					const zip = new ZipStream({ mtime: new Date(0), level: 1 });
					// An iterator that gives nothing counts as one that was read before, so a function has to make it.
					for (const [index, bytes] of contents.entries())
						zip.add(`${index}`, () => asyncOf(cut(bytes, how)));
					return collect(zip);
				});
				const [first, second] = await Promise.all(made);
				expect(first !== undefined && second?.equals(first)).toBe(true);
				const { entries } = inspectArchive(first ?? Buffer.of());
				for (const [index, bytes] of contents.entries())
					expect(entries[index]?.content.equals(bytes)).toBe(true);
			}),
			{ numRuns: 30 },
		);
	});
});

describe("archive: any names (APPNOTE 4.4.17, 4.4.4)", () => {
	const isSound = (name: Uint8Array) => {
		try {
			checkEntryName(name);
			return name.at(-1) !== 0x2f;
		} catch {
			return false;
		}
	};
	const anyBytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
	const anyText = fc
		.string({ unit: "binary", minLength: 1 })
		.map((text) => new Uint8Array(Buffer.from(text)));
	const name = fc.oneof(anyBytes, anyText).filter(isSound);

	it("come back byte for byte, marked as UTF-8 exactly if they are and need it", async () => {
		const names = fc.uniqueArray(name, {
			maxLength: 20,
			selector: (bytes) => Buffer.from(bytes).toString("hex"),
		});
		await fc.assert(
			fc.asyncProperty(names, async (names) => {
				const entries = names.map((bytes) => entryOf(bytes, () => readerOf(bytes)));
				const snapshot = inspectArchive((await wholeArchive(entries)).bytes);
				expect(snapshot.entries.map(({ nameBytes }) => nameBytes.toString("hex"))).toEqual(
					names.map((bytes) => Buffer.from(bytes).toString("hex")),
				);
			}),
		);
	});

	it("are refused when they come twice", async () => {
		await fc.assert(
			fc.asyncProperty(name, fc.array(name, { maxLength: 5 }), async (twice, others) => {
				const entries = [twice, ...others, twice].map((bytes) => entryOf(bytes, () => readerOf(bytes)));
				await expect(wholeArchive(entries)).rejects.toMatchObject({ code: "DUPLICATE_ENTRY" });
			}),
			{ numRuns: 50 },
		);
	});
});
