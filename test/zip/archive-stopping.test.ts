import { describe, expect, it } from "vitest";
import type { Entry, EntryReader } from "../../src/zip/entry.ts";
import { BLOCK_SIZE } from "../../src/zip/format/limits.ts";
import { archiveOf, wholeArchive } from "../support/archive-of.ts";
import { noise } from "../support/bytes.ts";
import { entryOf, failingReader, fileEntry, OpenReaders, readerOf } from "../support/entries.ts";
import { settled } from "../support/gate.ts";
import { inspectArchive } from "../support/inspect-archive.ts";

async function* endless(readers: OpenReaders, size: number): AsyncGenerator<Entry, void, void> {
	for (let index = 0; ; index++) yield readers.watch(fileEntry(`${index}`, noise(size, index)));
}

function stalled(): EntryReader {
	return { size: undefined, read: () => new Promise<number>(() => {}), close: () => {} };
}

describe("archive: pulled, never pushed", () => {
	it("opens nothing before its first chunk is asked for", async () => {
		const readers = new OpenReaders();
		const chunks = archiveOf(endless(readers, 10));
		await settled();
		expect(readers.opened).toBe(0);
		await chunks.return({ size: 0, entryCount: 0, zip64: false });
		expect(readers.opened).toBe(0);
	});

	it("reads a bounded number of bytes ahead of a consumer that does not ask", async () => {
		const readers = new OpenReaders();
		const chunks = archiveOf(endless(readers, BLOCK_SIZE), { concurrency: 2, method: "store" });
		await chunks.next();
		await settled();
		expect(readers.opened).toBeLessThanOrEqual(16);
		await chunks.return({ size: 0, entryCount: 0, zip64: false });
	});

	it.each([
		["small files", 100_000],
		["files of several blocks", 3 * BLOCK_SIZE],
	])("closes every file when reading ends early: %s", async (_what, size) => {
		const readers = new OpenReaders();
		for await (const _ of archiveOf(endless(readers, size), { method: "store" })) break;
		await settled();
		expect(readers.opened).toBeGreaterThan(0);
		expect([...readers.open]).toEqual([]);
	});

	it("does not wait for a source that stalls when reading ends early, and closes it", async () => {
		const readers = new OpenReaders();
		const entries = [fileEntry("a", noise(3 * BLOCK_SIZE)), entryOf("b", stalled), fileEntry("c", noise(9))];
		const chunks = archiveOf(
			entries.map((entry) => readers.watch(entry)),
			{ method: "store" },
		);
		await chunks.next();
		await settled();
		expect(readers.open.has("b")).toBe(true);
		await chunks.return({ size: 0, entryCount: 0, zip64: false });
		await settled();
		expect([...readers.open]).toEqual([]);
	});
});

describe("archive under an AbortSignal", () => {
	const reason = new Error("enough");

	it("opens nothing if it has aborted before", async () => {
		const readers = new OpenReaders();
		const chunks = archiveOf(endless(readers, 10), { signal: AbortSignal.abort(reason) });
		await expect(chunks.next()).rejects.toBe(reason);
		expect(readers.opened).toBe(0);
	});

	it.each([
		["many small files", 1000],
		["long files", 3 * BLOCK_SIZE],
	])("gives nothing more and closes everything if it aborts between two chunks: %s", async (_what, size) => {
		const readers = new OpenReaders();
		const controller = new AbortController();
		const chunks = archiveOf(endless(readers, size), { signal: controller.signal });
		await chunks.next();
		controller.abort(reason);
		await expect(chunks.next()).rejects.toBe(reason);
		await settled();
		expect([...readers.open]).toEqual([]);
	});

	it("gives nothing more even if all has been read already", async () => {
		const controller = new AbortController();
		const entries = [fileEntry("a", noise(BLOCK_SIZE)), fileEntry("b", noise(BLOCK_SIZE))];
		const chunks = archiveOf(entries, { signal: controller.signal });
		await chunks.next();
		await settled();
		controller.abort(reason);
		await expect(chunks.next()).rejects.toBe(reason);
	});

	it.each([
		["the first byte", stalled],
		["the middle", () => ({ ...readerOf(noise(0)), size: undefined, read: readThenStall() })],
		["opening", () => new Promise<EntryReader>(() => {})],
	])("gives up a source that stalls at %s", async (_where, open) => {
		const controller = new AbortController();
		const read = wholeArchive([fileEntry("a", "x"), entryOf("b", open)], { signal: controller.signal });
		await settled();
		controller.abort(reason);
		await expect(read).rejects.toBe(reason);
	});

	it("gives up entries that never come", async () => {
		const controller = new AbortController();
		async function* entries() {
			yield fileEntry("a", "x");
			await new Promise(() => {});
		}
		const read = wholeArchive(entries(), { signal: controller.signal });
		await settled();
		controller.abort(reason);
		await expect(read).rejects.toBe(reason);
	});
});

function readThenStall(): (into: Uint8Array) => number | Promise<number> {
	let left = 3 * BLOCK_SIZE;
	return (into) => {
		if (left === 0) return new Promise<number>(() => {});
		const count = Math.min(left, into.byteLength);
		left -= count;
		return count;
	};
}

describe("archive of sources that fail", () => {
	const failure = new Error("broken");

	it.each([
		["at its first byte", 0],
		["inside its first block", 10],
		["at the end of its first block", BLOCK_SIZE],
		["in its middle", 2 * BLOCK_SIZE + 10],
		["at its last byte", 3 * BLOCK_SIZE - 1],
	])("ends with the failure of a source %s, and closes everything", async (_where, before) => {
		for (const size of [undefined, 3 * BLOCK_SIZE]) {
			const readers = new OpenReaders();
			const entries = [
				fileEntry("a", noise(2 * BLOCK_SIZE)),
				entryOf("b", () => failingReader(before, failure, size)),
				fileEntry("c", noise(2 * BLOCK_SIZE)),
			];
			const made = wholeArchive(entries.map((entry) => readers.watch(entry)));
			await expect(made).rejects.toBe(failure);
			await settled();
			expect([...readers.open]).toEqual([]);
		}
	});

	it("ends with the failure of the entries themselves", async () => {
		async function* entries() {
			yield fileEntry("a", "x");
			throw failure;
		}
		await expect(wholeArchive(entries())).rejects.toBe(failure);
	});

	it("leaves an entry out that cannot be read, if it may", async () => {
		const left: string[] = [];
		const entries = [
			fileEntry("a", "1"),
			entryOf("b", () => failingReader(10, failure)),
			entryOf("c", () => Promise.reject(failure)),
			fileEntry("d", "4"),
		];
		const { bytes } = await wholeArchive(entries, { onUnreadable: ({ origin }) => void left.push(origin) });
		expect(inspectArchive(bytes).entries.map(({ name }) => name)).toEqual(["a", "d"]);
		expect(left.sort()).toEqual(["b", "c"]);
	});

	it("ends with what a listener throws, and closes everything", async () => {
		const readers = new OpenReaders();
		const onEntry = () => {
			throw failure;
		};
		await expect(wholeArchive(endless(readers, 2 * BLOCK_SIZE), { onEntry })).rejects.toBe(failure);
		await settled();
		expect([...readers.open]).toEqual([]);
	});
});
