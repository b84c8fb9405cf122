import { execFileSync } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OWN_CHUNKS } from "../../src/bytes/chunk-memory.ts";
import { DEFAULT_LOOK_AHEAD } from "../../src/sources/entry-source.ts";
import { archiveRun } from "../../src/zip/archive.ts";
import type { Entry, MethodChoice } from "../../src/zip/entry.ts";
import { BLOCK_SIZE } from "../../src/zip/format/limits.ts";
import { endOfCentralDirectory } from "../../src/zip/format/records.ts";
import { batchesOf } from "../support/batches.ts";
import { lines, noise } from "../support/bytes.ts";
import { directoryEntry, fileEntry } from "../support/entries.ts";
import { inspectArchive } from "../support/inspect-archive.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { METHODS_HERE } from "../support/zstd.ts";

const temp = useTempDirectory();

/** A run of which the first blocks are stored, and an archive of nothing but it. */
async function madeRun(entries: readonly Entry[], storedSize: number, method: MethodChoice, concurrency = 2) {
	const chunks: Uint8Array[] = [];
	const run = archiveRun(batchesOf(entries), {
		...{ memory: OWN_CHUNKS, lookAhead: DEFAULT_LOOK_AHEAD, method, level: 6, concurrency, storedSize },
		onEntry: () => {},
		onBlock: () => {},
		onUnreadable: (_entry, error) => {
			throw error;
		},
	});
	for (;;) {
		const step = await run.next();
		if (step.done === true) {
			const bytes = Buffer.concat(chunks);
			const pages = [...step.value.pages].map((page) => Buffer.from(page));
			const size = pages.reduce((sum, page) => sum + page.byteLength, 0);
			const totals = { entryCount: step.value.entryCount, size, offset: bytes.byteLength };
			const end = endOfCentralDirectory(totals, new Uint8Array(0));
			return { bytes, archive: Buffer.concat([bytes, ...pages, end]) };
		}
		chunks.push(step.value);
	}
}

const COMPRESSIBLE = lines(3 * BLOCK_SIZE + 10);

function filesOf(sizes: readonly number[]): Entry[] {
	return sizes.map((size, index) => fileEntry(`${1000 + index}`, COMPRESSIBLE.subarray(0, size)));
}

describe("a run whose first blocks are stored", () => {
	const sizes = fc.array(fc.oneof(fc.nat(2000), fc.constant(BLOCK_SIZE + 7), fc.constant(200_000)), {
		minLength: 1,
		maxLength: 12,
	});

	it.each(METHODS_HERE)("is as large as is asked for, and can be read, with method %s", async (method) => {
		const share = fc.double({ min: 0.01, max: 1, noNaN: true });
		await fc.assert(
			fc.asyncProperty(sizes, share, fc.integer({ min: 1, max: 5 }), async (given, part, concurrency) => {
				const contentSize = given.reduce((sum, size) => sum + size, 0);
				const storedSize = Math.floor(contentSize * part);
				const { bytes, archive } = await madeRun(filesOf(given), storedSize, method, concurrency);
				expect(bytes.byteLength).toBeGreaterThanOrEqual(storedSize);
				const { entries } = inspectArchive(archive);
				expect(entries.map(({ content }) => content.byteLength)).toEqual(given);
				for (const { content } of entries)
					expect(content.equals(COMPRESSIBLE.subarray(0, content.byteLength))).toBe(true);
				const again = await madeRun(filesOf(given), storedSize, method, concurrency + 1);
				expect(again.archive.equals(archive)).toBe(true);
			}),
			{ numRuns: 15 },
		);
	});

	it("leaves the rest compressed, within one entry as well", async () => {
		const [plain, stored] = await Promise.all([
			madeRun([fileEntry("large", COMPRESSIBLE)], 0, "deflate"),
			madeRun([fileEntry("large", COMPRESSIBLE)], BLOCK_SIZE + 1, "deflate"),
		]);
		const grown = stored.bytes.byteLength - plain.bytes.byteLength;
		expect(grown).toBeGreaterThan(1.5 * BLOCK_SIZE);
		expect(stored.bytes.byteLength).toBeLessThan(2.7 * BLOCK_SIZE);
	});

	it("changes nothing of a run that is large enough by its first blocks", async () => {
		const entries = () => [
			directoryEntry("d/"),
			fileEntry("d/n", noise(400_000)),
			fileEntry("l", lines(5000)),
		];
		const [plain, stored] = await Promise.all([
			madeRun(entries(), 0, "auto"),
			madeRun(entries(), 400_000, "auto"),
		]);
		expect(stored.archive.equals(plain.archive)).toBe(true);
	});

	it("is read by unzip and Python", async () => {
		const { archive } = await madeRun(
			filesOf([0, 100, 300_000, 2 * BLOCK_SIZE + 5, 7]),
			2_000_000,
			"deflate",
		);
		const path = temp.path("a.zip");
		await writeFile(path, archive);
		expect(execFileSync("unzip", ["-t", path]).toString()).toContain("No errors detected");
		const script = "import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).testzip())";
		expect(execFileSync("python3", ["-c", script, path]).toString().trim()).toBe("None");
		await rm(path);
	});
});
