import { describe, expect, it } from "vitest";
import { decompress, decompressNow } from "../../src/reader/decompress.ts";
import type { EntryFacts } from "../../src/reader/entry.ts";
import { type FetchedEntry, keptEntry, type RunOptions, readInRuns } from "../../src/reader/runs.ts";
import { batchesOf } from "../support/batches.ts";
import { DEFLATED, extraField, type HandMadeEntry, handMadeArchive } from "../support/hand-made-archive.ts";
import { collect, entriesOf, type WatchedArchive, watchedArchive } from "./watched-archive.ts";

const SMALL: HandMadeEntry[] = Array.from({ length: 100 }, (_, at) => ({
	name: `${at}.txt`,
	content: `content ${at} `.repeat(10),
	method: DEFLATED,
}));

async function readAll(
	{ reader }: WatchedArchive,
	options: RunOptions = {},
	entries: readonly EntryFacts[] | undefined = undefined,
) {
	const found: [string, string][] = [];
	let runCount = 0;
	const batches = entries === undefined ? reader.entries() : batchesOf(entries);
	for await (const runs of readInRuns(reader, batches, options)) {
		for (const run of runs) {
			runCount += 1;
			for (const fetched of run) {
				const { entry } = fetched;
				const content =
					"data" in fetched
						? decompressNow("a.zip", entry, fetched.data)
						: await collect(decompress("a.zip", entry, fetched.stream()));
				found.push([entry.name, Buffer.from(content).toString()]);
			}
		}
	}
	return { found, runCount };
}

const expected = (entries: readonly HandMadeEntry[]) => entries.map(({ name, content }) => [name, content]);

describe("readInRuns", () => {
	it("reads neighbours with one request", async () => {
		const archive = watchedArchive(handMadeArchive(SMALL));
		const { found, runCount } = await readAll(archive);
		expect(found).toEqual(expected(SMALL));
		expect(runCount).toBe(1);
		expect(archive.asked).toEqual([{ start: 0, end: archive.reader.end.directoryStart }]);
	});

	it("makes requests of the size that is allowed", async () => {
		const archive = watchedArchive(handMadeArchive(SMALL));
		const { found } = await readAll(archive, { runSize: 1_000 });
		expect(found).toEqual(expected(SMALL));
		expect(archive.asked.length).toBeGreaterThan(5);
		for (const { start, end } of archive.asked) expect(end - start).toBeLessThanOrEqual(1_100);
	});

	it("uses the memory of runs again, and keeps what is asked to be kept", async () => {
		const { reader } = watchedArchive(handMadeArchive(SMALL), 500);
		const memories = new Set<ArrayBufferLike>();
		const kept: FetchedEntry<EntryFacts>[] = [];
		let runCount = 0;
		for await (const runs of readInRuns(reader, reader.entries(), { runSize: 1_000, concurrency: 2 }))
			for (const run of runs) {
				runCount += 1;
				for (const fetched of run) {
					if ("data" in fetched) memories.add(fetched.data.buffer);
					kept.push(keptEntry(fetched));
				}
			}
		expect(runCount).toBeGreaterThan(5);
		expect(memories.size).toBeLessThanOrEqual(3);
		const contents = kept.map((fetched) => {
			if (!("data" in fetched)) throw new Error("it is small");
			return Buffer.from(decompressNow("a.zip", fetched.entry, fetched.data)).toString();
		});
		expect(contents).toEqual(SMALL.map(({ content }) => content));
	});

	it("leaves out what lies between two entries, if it is much", async () => {
		const archive = watchedArchive(handMadeArchive(SMALL));
		const [first, second, ...rest] = await entriesOf(archive.reader);
		const last = rest.at(-1);
		if (first === undefined || second === undefined || last === undefined) throw new Error("too few");
		const { found } = await readAll(archive, { gapSize: 10 }, [first, second, last]);
		expect(found.map(([name]) => name)).toEqual(["0.txt", "1.txt", "99.txt"]);
		expect(archive.asked).toHaveLength(2);
		const together = watchedArchive(handMadeArchive(SMALL));
		await readAll(together, { gapSize: 100_000 }, [first, second, last]);
		expect(together.asked).toHaveLength(1);
	});

	it("takes entries in any order", async () => {
		const archive = watchedArchive(handMadeArchive(SMALL));
		const entries = (await entriesOf(archive.reader)).reverse();
		const { found } = await readAll(archive, {}, entries);
		expect(found).toEqual(expected([...SMALL].reverse()));
	});

	it("gives large entries as streams, which nothing is requested for before they are read", async () => {
		const entries = [
			{ name: "a", content: "a".repeat(10) },
			{ name: "large", content: "b".repeat(5_000) },
			{ name: "c", content: "c".repeat(10) },
		];
		const archive = watchedArchive(handMadeArchive(entries));
		const { found } = await readAll(archive, { runSize: 1_000 });
		expect(found).toEqual(expected(entries));
		expect(archive.asked).toHaveLength(3);
		const unread = watchedArchive(handMadeArchive(entries));
		for await (const runs of readInRuns(unread.reader, unread.reader.entries(), { runSize: 1_000 }))
			for (const run of runs) for (const _ of run);
		expect(unread.asked).toHaveLength(2);
	});

	it("reads an entry whose header is longer than could be expected", async () => {
		const entries = [
			{ name: "a", content: "a".repeat(10) },
			{ name: "b", content: "b".repeat(10), local: { extra: extraField(9, Buffer.alloc(3_000)) } },
			{ name: "c", content: "c".repeat(10) },
		];
		const archive = watchedArchive(handMadeArchive(entries));
		const [a, b] = await entriesOf(archive.reader);
		if (a === undefined || b === undefined) throw new Error("too few");
		expect((await readAll(archive, {}, [a, b])).found).toEqual(expected(entries.slice(0, 2)));
		expect((await readAll(archive)).found).toEqual(expected(entries));
	});

	it("never has more requests under way than are allowed", async () => {
		const archive = watchedArchive(handMadeArchive(SMALL), 50);
		let most = 0;
		const { found } = await (async () => {
			const watch = setInterval(() => {
				most = Math.max(most, archive.open.size);
			}, 0);
			try {
				return await readAll(archive, { runSize: 500, concurrency: 3 });
			} finally {
				clearInterval(watch);
			}
		})();
		expect(found).toHaveLength(100);
		expect(most).toBeLessThanOrEqual(3);
	});

	it("ends all transfers when it is left early", async () => {
		const archive = watchedArchive(handMadeArchive(SMALL), 10);
		for await (const _ of readInRuns(archive.reader, archive.reader.entries(), { runSize: 500 })) break;
		expect(archive.open.size).toBe(0);
	});

	it("stops with the reason of the signal", async () => {
		const reason = new Error("enough");
		const stop = new AbortController();
		const archive = watchedArchive(handMadeArchive(SMALL), 10);
		const all = async () => {
			const options = { runSize: 500, signal: stop.signal };
			for await (const runs of readInRuns(archive.reader, archive.reader.entries(), options)) {
				for (const _ of runs) stop.abort(reason);
			}
		};
		await expect(all()).rejects.toBe(reason);
		expect(archive.open.size).toBe(0);
	});

	it("refuses an entry whose local header says something else, when its turn comes", async () => {
		const entries = [{ name: "a" }, { name: "b", local: { name: "x" } }];
		const archive = watchedArchive(handMadeArchive(entries));
		await expect(readAll(archive)).rejects.toMatchObject({
			code: "INVALID_ARCHIVE",
			message: 'a.zip: the entry "b" has another name in its local header',
		});
	});
});
