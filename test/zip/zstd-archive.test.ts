import { describe, expect, it } from "vitest";
import { ZipStream } from "../../src/index.ts";
import type { Entry } from "../../src/zip/entry.ts";
import { BLOCK_SIZE } from "../../src/zip/format/limits.ts";
import { SizeBound } from "../../src/zip/format/size-bound.ts";
import { archiveOf, wholeArchive } from "../support/archive-of.ts";
import { collect, lines, noise } from "../support/bytes.ts";
import { directoryEntry, fileEntry, symlinkEntry } from "../support/entries.ts";
import { inspectArchive } from "../support/inspect-archive.ts";
import { hasZstd, IF_ZSTD } from "../support/zstd.ts";

const sized = (name: string, bytes: Uint8Array): Entry => ({
	...fileEntry(name, bytes),
	size: bytes.byteLength,
});

const ENTRIES = [
	directoryEntry("d/"),
	sized("d/text", lines(3000)),
	sized("d/noise", noise(3000)),
	sized("empty", Buffer.of()),
	symlinkEntry("link", "d/text"),
	sized("large", lines(9 * BLOCK_SIZE + 5)),
	sized("large noise", noise(2 * BLOCK_SIZE)),
];

describe.skipIf(!hasZstd)(`an archive of method "zstd" (APPNOTE 4.4.5)${IF_ZSTD}`, () => {
	it("compresses files by method 93, version 6.3, and stores what is empty or does not get smaller", async () => {
		const { bytes, summary } = await wholeArchive(ENTRIES, { method: "zstd", level: 3 });
		const { entries } = inspectArchive(bytes);
		expect(entries.map(({ name, method, versionNeeded }) => [name, method, versionNeeded])).toEqual([
			["d/", "stored", 20],
			["d/text", "zstd", 63],
			["d/noise", "stored", 20],
			["empty", "stored", 20],
			["link", "stored", 20],
			["large", "zstd", 63],
			["large noise", "zstd", 63],
		]);
		expect(entries[5]?.content.equals(lines(9 * BLOCK_SIZE + 5))).toBe(true);
		expect(entries[6]?.content.equals(noise(2 * BLOCK_SIZE))).toBe(true);
		expect(summary.zip64).toBe(false);
	});

	it("is the same whatever is under way at once", async () => {
		const [one, many] = await Promise.all(
			[1, 9].map((concurrency) => wholeArchive(ENTRIES, { method: "zstd", level: undefined, concurrency })),
		);
		expect(one?.bytes.equals(many?.bytes ?? Buffer.of())).toBe(true);
	});

	it("comes in chunks of up to a block", async () => {
		const { chunkSizes } = await wholeArchive([sized("noise", noise(17 * BLOCK_SIZE))], { method: "zstd" });
		expect(Math.max(...chunkSizes)).toBeLessThanOrEqual(BLOCK_SIZE + 100);
	});

	it("never exceeds the size that is predicted", async () => {
		for (const entries of [ENTRIES, ENTRIES.slice(0, 5), [sized("n", noise(BLOCK_SIZE))]]) {
			const bound = new SizeBound("zstd");
			for (const entry of entries) bound.add(entry);
			const { bytes } = await wholeArchive(entries, { method: "zstd" });
			expect(bytes.byteLength).toBeLessThanOrEqual(bound.bytes(0));
			expect(bound.exact).toBe(false);
		}
	});

	it("is never what auto makes", async () => {
		const { bytes } = await wholeArchive(ENTRIES, { method: "auto" });
		expect(inspectArchive(bytes).entries.some(({ method }) => method === "zstd")).toBe(false);
	});

	it("may be the method of single entries, whose level is not that of DEFLATE", async () => {
		const zip = new ZipStream().add("a", lines(5000)).add("b", lines(5000), { method: "zstd" });
		const mixed = inspectArchive(await collect(zip)).entries;
		expect(mixed.map(({ method }) => method)).toEqual(["deflated", "zstd"]);
		const all = new ZipStream({ method: "zstd", level: 12 })
			.add("a", lines(5000), { method: "deflate" })
			.add("b", lines(5000));
		const other = inspectArchive(await collect(all)).entries;
		expect(other.map(({ method }) => method)).toEqual(["deflated", "zstd"]);
		expect(other[0]?.content.equals(lines(5000))).toBe(true);
	});

	it("ends at once when nobody reads on in the middle of a frame", async () => {
		let closed = 0;
		const entry = fileEntry("large", lines(30 * BLOCK_SIZE));
		const watched: Entry = {
			...entry,
			async open(signal) {
				const reader = await entry.open(signal);
				return {
					size: reader.size,
					read: (into) => reader.read(into),
					async close() {
						closed++;
						await reader.close();
					},
				};
			},
		};
		for await (const _ of archiveOf([watched, sized("b", lines(5000))], { method: "zstd" })) break;
		expect(closed).toBe(1);
	});

	it("reads no further ahead than to the end of the next group", async () => {
		const entry = fileEntry("large", noise(40 * BLOCK_SIZE));
		let readSize = 0;
		const counted: Entry = {
			...entry,
			async open(signal) {
				const reader = await entry.open(signal);
				const read = async (into: Uint8Array) => {
					const count = await reader.read(into);
					readSize += count;
					return count;
				};
				return { size: reader.size, read, close: () => reader.close() };
			},
		};
		let size = 0;
		for await (const chunk of archiveOf([counted], { method: "zstd", concurrency: 2 })) {
			size += chunk.byteLength;
			if (size > 1000) break; // something of the first group
		}
		// Two groups, what is under way, and one block before its turn.
		expect(readSize).toBeLessThanOrEqual((8 + 8 + 2 + 1) * BLOCK_SIZE);
	});

	it("fails with the error of a source that fails in the middle of a frame", async () => {
		async function* broken() {
			yield lines(3 * BLOCK_SIZE);
			throw new Error("the disk is gone");
		}
		const zip = new ZipStream({ method: "zstd" }).add("a", broken());
		await expect(collect(zip)).rejects.toThrow("the disk is gone");
	});
});
