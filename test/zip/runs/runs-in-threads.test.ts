import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RUN_SCRIPT } from "../../../src/sources/files/reading/run-script.ts";
import type { SourceOptions } from "../../../src/sources/source-options.ts";
import type { ArchiveOptions } from "../../../src/zip/archive.ts";
import type { ArchivedEntry } from "../../../src/zip/assemble.ts";
import type { Entry, Level, MethodChoice } from "../../../src/zip/entry.ts";
import { FileBatch } from "../../../src/zip/runs/file-batch.ts";
import { finishRuns } from "../../../src/zip/runs/finish-runs.ts";
import { RunThreads } from "../../../src/zip/runs/run-threads.ts";
import { archiveOf, type Entries, wholeArchive } from "../../support/archive-of.ts";
import { AsTheyAre } from "../../support/batches.ts";
import { lines, noise } from "../../support/bytes.ts";
import { fileEntry } from "../../support/entries.ts";
import { entriesOf, findEntries, foundIn, nameOf } from "../../support/found-entries.ts";
import { inspectArchive } from "../../support/inspect-archive.ts";
import { openFiles, useTempDirectory } from "../../support/temp-directory.ts";
import { hasZstd, IF_ZSTD, METHODS_HERE } from "../../support/zstd.ts";

const temp = useTempDirectory();

/** Longer than a run waits for the next entry. */
const pause = () => delay(20);

function inThreads(count = 2): Pick<ArchiveOptions, "runThreads"> {
	return { runThreads: { script: RUN_SCRIPT, count, startAfter: 0 } };
}

/** What was told of the entries of an archive. */
function told({ archived }: { archived: readonly ArchivedEntry[] }): unknown {
	return archived.map(({ name, ...facts }) => ({ name: Buffer.from(name).toString("latin1"), ...facts }));
}

type Content = string | Uint8Array | null | { readonly link: string };

async function writeTree(files: ReadonlyMap<string, Content>): Promise<void> {
	await temp.write(Object.fromEntries(files));
}

/** Files of a directory in one batch, as they are found. */
function together(options: SourceOptions = {}): AsTheyAre<Entry> {
	return new AsTheyAre(foundIn(temp.path(), options));
}

/** 300 files in 3 directories, of any size that something changes at. */
function someFiles(): Map<string, Content> {
	const files = new Map<string, Content>();
	for (let index = 0; index < 300; index++) {
		const size = [0, 1, 700, 5_000, 24_576, 33_000, 70_000][index % 7] ?? 0;
		const name = `d${index % 3}/${String(index).padStart(3, "0")}`;
		files.set(name, index % 5 === 0 ? noise(size, index) : lines(size));
	}
	return files;
}

describe("runs of files made in threads", () => {
	const sizes = fc.oneof(
		{ weight: 6, arbitrary: fc.nat({ max: 3000 }) },
		{ weight: 2, arbitrary: fc.integer({ min: 24_000, max: 33_500 }) },
		{ weight: 1, arbitrary: fc.integer({ min: 262_140, max: 262_150 }) },
		{ weight: 1, arbitrary: fc.integer({ min: 1_048_570, max: 1_100_000 }) },
	);
	const item = fc.record({
		directory: fc.constantFrom("", "a/", "b/c/", "ü/", "0/"),
		name: fc.stringMatching(/^[a-zé\u4e00~ ]{1,12}$/),
		kind: fc.constantFrom("file", "file", "file", "file", "link", "empty directory"),
		size: sizes,
		random: fc.boolean(),
		mode: fc.constantFrom(0o644, 0o600, 0o4755, 0o444),
	});
	const options = fc.record({
		method: fc.constantFrom<MethodChoice>(...METHODS_HERE),
		level: fc.constantFrom<Level>(1, 6, 9),
		mtime: fc.option(fc.constant(new Date(Date.UTC(2001, 1, 3))), { nil: undefined }),
		maxMtime: fc.option(fc.constant(Date.UTC(2010, 1, 3)), { nil: undefined }),
		portableNames: fc.boolean(),
		threadCount: fc.integer({ min: 1, max: 4 }),
	});

	it("come to the bytes of files that are read here, whatever the tree and the options", async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(item, { maxLength: 40 }), options, async (items, { threadCount, ...how }) => {
				rmSync(temp.path(), { recursive: true });
				const tree = new Map<string, Content>([["first", "1"]]);
				for (const { directory, name, kind, size, random } of items) {
					const content = random ? noise(size, size) : lines(size);
					const link = kind === "link" ? { link: "first" } : content;
					tree.set(`${directory}${name}.${kind}`, kind === "empty directory" ? null : link);
				}
				await writeTree(tree);
				for (const { directory, name, kind, mode } of items)
					if (kind === "file") chmodSync(temp.path(`${directory}${name}.${kind}`), mode);
				const { mtime, maxMtime, portableNames, ...options } = how;
				const found: SourceOptions = {
					portableNames,
					...(mtime === undefined ? {} : { mtime }),
					...(maxMtime === undefined ? {} : { maxMtime }),
				};
				const here = await wholeArchive(entriesOf(temp.path(), found), options);
				for (const entries of [entriesOf(temp.path(), found), together(found)]) {
					const there = await wholeArchive(entries, { ...options, ...inThreads(threadCount) });
					expect(there.bytes.equals(here.bytes)).toBe(true);
					expect(there.summary).toEqual(here.summary);
					expect(told(there)).toEqual(told(here));
				}
			}),
			{ numRuns: 25 },
		);
	});

	it.each([1, 2, 3, 4])("come to the same bytes by %d threads, run after run", async (count) => {
		await writeTree(someFiles());
		const here = await wholeArchive(entriesOf(temp.path()));
		for (const entries of [entriesOf(temp.path()), together()]) {
			const there = await wholeArchive(entries, inThreads(count));
			expect(there.bytes.equals(here.bytes)).toBe(true);
			expect(told(there)).toEqual(told(here));
		}
	});

	it("come to the same bytes where the first of a batch are read before threads are started", async () => {
		await writeTree(someFiles());
		const here = await wholeArchive(entriesOf(temp.path()));
		const runThreads = { script: RUN_SCRIPT, count: 2, startAfter: 150 };
		const there = await wholeArchive(together(), { runThreads });
		expect(there.bytes.equals(here.bytes)).toBe(true);
	});

	it.skipIf(!hasZstd)(`come to the same bytes of 2,000 files by Zstandard${IF_ZSTD}`, async () => {
		const files = new Map<string, Content>();
		for (let index = 0; index < 2000; index++) {
			const size = 200 + ((index * 7919) % 8000);
			files.set(`d${index % 20}/${index}`, index % 9 === 0 ? noise(size, index) : lines(size));
		}
		await writeTree(files);
		const here = await wholeArchive(entriesOf(temp.path()), { method: "zstd", level: 3 });
		const there = await wholeArchive(entriesOf(temp.path()), { method: "zstd", level: 3, ...inThreads() });
		expect(there.bytes.equals(here.bytes)).toBe(true);
		expect(told(there)).toEqual(told(here));
		const methods = inspectArchive(there.bytes).entries.map(({ method }) => method);
		expect(methods.filter((method) => method === "zstd")).toHaveLength(1777);
	});

	it("count what was read, and name what is on its way", async () => {
		await writeTree(someFiles());
		const counted = async (options: Partial<ArchiveOptions>) => {
			let readSize = 0;
			let last = "";
			await wholeArchive(entriesOf(temp.path()), {
				...options,
				onBlock(entry, size) {
					readSize += size;
					last = nameOf(entry);
				},
			});
			return { readSize, last };
		};
		expect(await counted(inThreads())).toEqual(await counted({}));
		let count = 0;
		const onEntries = (more: number) => {
			count += more;
		};
		await wholeArchive(together(), { ...inThreads(), onEntries, onEntry: undefined });
		expect(count).toBe(303);
	});

	it("leave entries in their places that no thread makes", async () => {
		await writeTree(someFiles());
		async function* mixed(): AsyncGenerator<Entry, void, void> {
			let index = 0;
			for await (const entry of entriesOf(temp.path())) {
				yield entry;
				if (++index % 7 === 0) yield fileEntry(`made/${index}`, lines(1000), { comment: "ä" });
				if (index % 50 === 0) yield fileEntry(`turn/${index}`, "x", { inTurn: true, method: "store" });
			}
		}
		const here = await wholeArchive(mixed());
		const there = await wholeArchive(mixed(), inThreads());
		expect(there.bytes.equals(here.bytes)).toBe(true);
	});

	it("leave no thread, no file and no directory open", async () => {
		await writeTree(someFiles());
		for (const entries of [entriesOf(temp.path()), together()]) {
			await wholeArchive(entries, inThreads());
			expect(await openFiles(temp.path())).toEqual([]);
		}
	});
});

describe("files that are not what they were when they were found", () => {
	/** Does something to one of many files after it was found, and before anything is read. */
	async function* meddled(name: string, meddle: (path: string) => void): AsyncGenerator<Entry, void, void> {
		for await (const entry of entriesOf(temp.path())) {
			if (nameOf(entry) === name) meddle(temp.path(name));
			yield entry;
		}
	}

	function replaced(path: string, replace: () => void): void {
		rmSync(path);
		replace();
	}

	/** The same, found in one batch with others. */
	async function* meddledBatch(name: string, meddle: (path: string) => void) {
		for await (const batch of foundIn(temp.path())) {
			const isThere = batch instanceof FileBatch && [...batch].some((entry) => nameOf(entry) === name);
			if (isThere) meddle(temp.path(name));
			yield batch;
		}
	}

	async function outcome(
		name: string,
		meddle: (path: string) => void,
		options: Partial<ArchiveOptions>,
		found: (name: string, meddle: (path: string) => void) => Entries = meddled,
	) {
		rmSync(temp.path(), { recursive: true });
		await writeTree(someFiles());
		const unreadable: unknown[] = [];
		const onUnreadable = ({ origin }: Entry, error: unknown) => {
			unreadable.push([origin, error instanceof Error ? error.message : error]);
		};
		const made = await wholeArchive(found(name, meddle), { onUnreadable, ...options });
		const names = inspectArchive(made.bytes).entries.map((entry) => entry.name);
		return { unreadable, names, archived: made.archived };
	}

	it.each<[string, (path: string) => void]>([
		["is gone", (path) => rmSync(path)],
		["is a directory", (path) => replaced(path, () => mkdirSync(path))],
		["is a FIFO", (path) => replaced(path, () => execFileSync("mkfifo", [path]))],
		["is a link", (path) => replaced(path, () => symlinkSync("/etc/hostname", path))],
		["has grown beyond what a thread reads", (path) => writeFileSync(path, lines(400_000))],
		["is empty", (path) => writeFileSync(path, "")],
		["is another file", (path) => replaced(path, () => writeFileSync(path, "other"))],
	])("are dealt with in the ordinary way: one that %s", async (_what, meddle) => {
		const name = "d1/151";
		const here = await outcome(name, meddle, {});
		const inBatch = (...how: Parameters<typeof meddledBatch>) => new AsTheyAre(meddledBatch(...how));
		for (const found of [meddled, inBatch]) {
			const there = await outcome(name, meddle, inThreads(), found);
			expect(there.names).toEqual(here.names);
			expect(there.unreadable).toEqual(here.unreadable);
			const sizes = (made: typeof here) => made.archived.map(({ uncompressedSize }) => uncompressedSize);
			expect(sizes(there)).toEqual(sizes(here));
			expect(await openFiles(temp.path())).toEqual([]);
		}
	});
});

describe("an end while threads are at work", () => {
	it("leaves nothing open when nobody takes the rest", async () => {
		await writeTree(someFiles());
		for await (const _ of archiveOf(entriesOf(temp.path()), { ...inThreads(), method: "store" })) break;
		expect(await openFiles(temp.path())).toEqual([]);
	});

	it("leaves nothing open under an abort", async () => {
		await writeTree(someFiles());
		const controller = new AbortController();
		const reason = new Error("enough");
		const made = wholeArchive(entriesOf(temp.path()), {
			...inThreads(),
			signal: controller.signal,
			onBlock: () => controller.abort(reason),
		});
		await expect(made).rejects.toBe(reason);
		expect(await openFiles(temp.path())).toEqual([]);
	});

	it("has been preceded by a bounded number of files, if nobody takes what is made", async () => {
		await temp.write({ f: lines(5_000) });
		let count = 0;
		async function* endless(): AsyncGenerator<Entry, void, void> {
			const [file] = (await findEntries(temp.path("f"), { blockingReads: true })).entries;
			if (file === undefined) return;
			const { kind, mtimeMs, mode, origin, threadFile } = file;
			for (; ; count++) {
				const name = Buffer.from(`f${count}`);
				yield { name, kind, mtimeMs, mode, origin, threadFile, open: (signal) => file.open(signal) };
			}
		}
		const chunks = archiveOf(endless(), { ...inThreads(), method: "store" });
		await chunks.next();
		let before = -1;
		while (before !== count) {
			before = count;
			await delay(500);
		}
		expect(count).toBeLessThan(8_000); // 40 MB
		await chunks.return({ size: 0, entryCount: 0, zip64: false });
		expect(await openFiles(temp.path())).toEqual([]);
	});

	it("does not wait for entries that never come while runs wait for their consumer", async () => {
		await writeTree(someFiles());
		const threads = new RunThreads(
			{ script: RUN_SCRIPT, count: 1, startAfter: 0 },
			{ method: "auto", level: 6 },
		);
		let stalls = () => {};
		const stalled = new Promise<void>((resolve) => {
			stalls = resolve;
		});
		/** A run of its own each, one more than are made ahead. */
		async function* entries(): AsyncGenerator<Entry[], void, void> {
			let left = threads.enough + 1;
			for await (const entry of entriesOf(temp.path("d0"))) {
				yield [entry];
				if (--left === 0) break;
				await pause();
			}
			stalls();
			await new Promise(() => {});
		}
		const made = finishRuns(entries(), threads, new AbortController().signal, () => {});
		const { value } = await made.next();
		for (const _ of value ?? []) break;
		await stalled;
		await pause();
		await made.return();
		await threads.close();
		expect(await openFiles(temp.path())).toEqual([]);
	});
});

describe("threads that fail", () => {
	const endsAtOnce = new URL(`data:text/javascript,${encodeURIComponent("process.exit(3)")}`);
	const diesLater = new URL(
		`data:text/javascript,${encodeURIComponent(`
			import { parentPort } from "node:worker_threads";
			parentPort.on("message", () => { throw new Error("broken"); });
		`)}`,
	);

	it.each([
		[
			"are not there, as in a bundle that somebody else made",
			new URL("./no-such-script.js", import.meta.url),
		],
		["cannot be started, as where Node forbids threads", new URL("https://localhost/script.js")],
		["end at once", endsAtOnce],
		["die of a request", diesLater],
	])("leave the archive as it is: those that %s", async (_what, script) => {
		await writeTree(someFiles());
		const here = await wholeArchive(entriesOf(temp.path()));
		const made = await wholeArchive(entriesOf(temp.path()), {
			runThreads: { script, count: 2, startAfter: 0 },
		});
		expect(made.bytes.equals(here.bytes)).toBe(true);
		expect(told(made)).toEqual(told(here));
		expect(await openFiles(temp.path())).toEqual([]);
	});

	it("does not come, as no thread is started for few files", async () => {
		await writeTree(someFiles());
		const script = new URL(`data:text/javascript,${encodeURIComponent("process.exit(3)")}`);
		const made = wholeArchive(entriesOf(temp.path()), { runThreads: { script, count: 2, startAfter: 300 } });
		expect((await made).summary.entryCount).toBe(303);
	});
});
