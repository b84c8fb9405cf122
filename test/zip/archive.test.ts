import { describe, expect, it } from "vitest";
import { BLOCK_SIZE } from "../../src/zip/format/limits.ts";
import { archiveOf, wholeArchive } from "../support/archive-of.ts";
import { lines, noise } from "../support/bytes.ts";
import { directoryEntry, fileEntry, symlinkEntry } from "../support/entries.ts";
import { inspectArchive } from "../support/inspect-archive.ts";
import { METHODS_HERE } from "../support/zstd.ts";

describe("archive (APPNOTE 4.3.6)", () => {
	it("holds every kind of entry, as it was given", async () => {
		const entries = [
			directoryEntry("d/", { mode: 0o1777 }),
			fileEntry("d/text", lines(3000), { mode: 0o4755 }),
			fileEntry("d/noise", noise(3000)),
			fileEntry("empty", ""),
			symlinkEntry("link", "../d/ü"),
			fileEntry("large", lines(3 * BLOCK_SIZE + 5)),
			fileEntry("ü", "x", { comment: "comment" }),
		];
		const { bytes, summary, archived } = await wholeArchive(entries, { comment: Buffer.from("note") });
		const snapshot = inspectArchive(bytes);
		expect(snapshot.comment.toString()).toBe("note");
		expect(summary).toEqual({ size: bytes.byteLength, entryCount: 7, zip64: false });
		expect(archived.map(({ offset }) => offset)).toEqual(snapshot.entries.map(({ offset }) => offset));
		expect(
			snapshot.entries.map(({ name, kind, mode, method, content }) => [
				name,
				kind,
				mode,
				method,
				content.byteLength,
			]),
		).toEqual([
			["d/", "directory", 0o1777, "stored", 0],
			["d/text", "file", 0o4755, "deflated", 3000],
			["d/noise", "file", 0o644, "stored", 3000],
			["empty", "file", 0o644, "stored", 0],
			["link", "symlink", 0o777, "stored", 7],
			["large", "file", 0o644, "deflated", 3 * BLOCK_SIZE + 5],
			["ü", "file", 0o644, "stored", 1],
		]);
		expect(snapshot.entries[4]?.content.toString()).toBe("../d/ü");
		expect(snapshot.entries[5]?.content.equals(lines(3 * BLOCK_SIZE + 5))).toBe(true);
	});

	it("is valid without entries", async () => {
		const { bytes, summary } = await wholeArchive([]);
		expect(inspectArchive(bytes).entries).toEqual([]);
		expect(summary).toEqual({ size: 22, entryCount: 0, zip64: false });
	});

	it("comes in chunks of up to a block, not in crumbs", async () => {
		const entries = Array.from({ length: 500 }, (_, index) => fileEntry(`${index}`, noise(1000, index)));
		const { chunkSizes } = await wholeArchive([...entries, fileEntry("large", noise(5 * BLOCK_SIZE))]);
		expect(Math.max(...chunkSizes)).toBeLessThanOrEqual(BLOCK_SIZE + 100);
		expect(chunkSizes.length).toBeLessThan(20);
	});

	it.each([1900, 1969, 1979, 1980, 2000, 2038, 2039, 2107, 2108, 2200])(
		"takes a file of the year %d",
		async (year) => {
			const mtimeMs = Date.UTC(year, 6, 1, 1, 2, 4);
			const { bytes } = await wholeArchive([fileEntry("f", "x", { mtimeMs })]);
			const [entry] = inspectArchive(bytes).entries;
			const shown = entry?.modified.getUTCFullYear();
			expect(shown).toBe(Math.min(Math.max(year, 1980), 2107));
			const fits = year > 1901 && year < 2038;
			expect(entry?.unixSeconds).toBe(fits ? mtimeMs / 1000 : undefined);
		},
	);
});

describe("archive: where sizes and CRC-32 stand (APPNOTE 4.3.9)", () => {
	const sizes = [0, 1, BLOCK_SIZE - 1, BLOCK_SIZE, BLOCK_SIZE + 1];
	const methods = ["auto", "store", "deflate", "wrap"] as const;

	it.each(sizes)("has them in the local header for up to a block: %d bytes", async (size) => {
		for (const method of methods) {
			for (const sizeKnown of [true, false]) {
				const { bytes } = await wholeArchive([fileEntry("f", lines(size), { sizeKnown })], { method });
				const [entry] = inspectArchive(bytes).entries;
				const wide = sizeKnown ? "4-byte sizes" : "8-byte sizes";
				expect(entry).toMatchObject({
					descriptor: size <= BLOCK_SIZE ? "none" : wide,
					localZip64: size > BLOCK_SIZE && !sizeKnown,
					centralZip64: [],
				});
			}
		}
	});

	it("keeps an entry readable as a stream, whatever is in it, unless asked to store", async () => {
		const entries = [fileEntry("noise", noise(2 * BLOCK_SIZE)), fileEntry("text", lines(2 * BLOCK_SIZE))];
		for (const method of methods) {
			const { bytes } = await wholeArchive(entries, { method });
			const expected = method === "store" ? "stored" : "deflated";
			expect(inspectArchive(bytes).entries.map(({ method: used }) => used)).toEqual([expected, expected]);
		}
	});
});

describe("archive: the same entries, the same bytes", () => {
	const contents = [
		lines(5),
		noise(70_000),
		lines(3 * BLOCK_SIZE + 17),
		noise(2 * BLOCK_SIZE),
		lines(BLOCK_SIZE),
	];

	it.each(METHODS_HERE)("whatever the concurrency and the reads: %s", async (method) => {
		const make = async (concurrency: number, readSize: number) => {
			const entries = contents.map((content, index) =>
				fileEntry(`${index}`, content, { readSize, sizeKnown: index % 2 === 0 }),
			);
			return (await wholeArchive(entries, { method, concurrency })).bytes;
		};
		const first = await make(1, Number.POSITIVE_INFINITY);
		inspectArchive(first);
		expect((await make(2, 65_537)).equals(first)).toBe(true);
		expect((await make(16, 9_999)).equals(first)).toBe(true);
	});
});

describe("archive: memory of chunks", () => {
	it("uses that of stored data again, if the consumer is done with it, and only then", async () => {
		const content = noise(6 * BLOCK_SIZE);
		const entries = () => [fileEntry("stored", content)];
		const copies: Buffer[] = [];
		const memory = new Set<ArrayBufferLike>();
		const reusing = archiveOf(entries(), { method: "store", memory: { reusable: true } });
		for await (const chunk of reusing) {
			copies.push(Buffer.from(chunk));
			if (chunk.byteLength === BLOCK_SIZE) memory.add(chunk.buffer);
		}
		const { bytes } = await wholeArchive(entries(), { method: "store" });
		expect(Buffer.concat(copies).equals(bytes)).toBe(true);
		expect(memory.size).toBeLessThan(6);
	});
});
