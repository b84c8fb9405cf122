import { execFileSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { describe, expect, it, vi } from "vitest";
import { type ArchivePlan, planArchive } from "../../src/archive/plan.ts";
import { planZip } from "../../src/archive/planned-archive.ts";
import type { ZipferryEvent } from "../../src/events.ts";
import type { EntrySource } from "../../src/sources/entry-source.ts";
import { PathFiles } from "../../src/sources/files/entries/path-files.ts";
import { allEntries, openSources, sourceReport } from "../../src/sources/open-sources.ts";
import type { GeneratedEntry, Source } from "../../src/sources/source.ts";
import type { SourceOptions } from "../../src/sources/source-options.ts";
import { wholeArchive } from "../support/archive-of.ts";
import { itemsOf } from "../support/batches.ts";
import { noise } from "../support/bytes.ts";
import { NOW } from "../support/found-entries.ts";
import { makeSettings, sourceSettings } from "../support/settings.ts";
import { useTempDirectory } from "../support/temp-directory.ts";

const temp = useTempDirectory();

async function planOf(
	sources: readonly Source[],
	options: SourceOptions = {},
	{ events = [], signal }: { events?: ZipferryEvent[]; signal?: AbortSignal } = {},
): Promise<ArchivePlan> {
	const settings = sourceSettings(options);
	const report = sourceReport(settings, (event) => events.push(event));
	return planArchive(await openSources(sources, settings, NOW), report, {
		...settings,
		method: undefined,
		commentSize: 0,
		signal,
	});
}

describe("a plan of nothing", () => {
	it("says what was left out", async () => {
		const directory = temp.path("only");
		await temp.write({ only: null });
		execFileSync("mkfifo", [temp.path("only/fifo")]);
		const error = {
			code: "SOURCE_EMPTY",
			message: `there is nothing to archive: left out ${directory}/fifo: FIFO`,
		};
		await expect(planZip(directory, makeSettings({}))).rejects.toMatchObject(error);
	});
});

describe("planArchive", () => {
	it("counts entries and bytes without opening a file", async () => {
		await temp.write({ "t/a": noise(1000), "t/d/b": noise(2000), "t/l": { link: "a" } });
		const called = () => {
			throw new Error("must not be called");
		};
		const plan = await planOf([temp.path("t"), { name: "g", content: called, size: 30 }]);
		expect(plan).toMatchObject({ entryCount: 6, sourceSize: 1000 + 2000 + 1 + 30, zip64: false });
	});

	it("looks at no file where nobody asks for sizes, and counts all the same", async () => {
		await temp.write({ "t/a": noise(1000), "t/d/b": noise(2000), "t/d/B": "" });
		const settings = sourceSettings({ blockingReads: true });
		const report = sourceReport(settings, () => {});
		const options = { ...settings, method: undefined, commentSize: 0, signal: undefined };
		const looks = vi.spyOn(PathFiles.prototype, "lookNow");
		const planned = async (sizesMatter: boolean) =>
			planArchive(await openSources([temp.path("t")], settings, NOW), report, { ...options, sizesMatter });
		const found = { entryCount: 4, complete: true, collisions: { count: 1 } };
		expect(await planned(false)).toMatchObject({ ...found, sizeBound: undefined });
		expect(looks).not.toHaveBeenCalled();
		expect(await planned(true)).toMatchObject({ ...found, sourceSize: 3000, sizeBound: expect.any(Number) });
		expect(looks).toHaveBeenCalled();
	});

	it("comes to the same whether files are found together or one by one", async () => {
		const names = ["a", "B", "b", "ü/x", "ü/Y", "ü/y", "con/c", "d/e", "d/aux.txt", "d/f "];
		await temp.write(Object.fromEntries(names.map((name, index) => [`t/${name}`, noise(index * 100)])));
		const settings = sourceSettings({ blockingReads: true });
		const report = sourceReport(settings, () => {});
		const looks = vi.spyOn(PathFiles.prototype, "lookNow");
		for (const method of ["auto", "store"] as const) {
			const planned = async (onFound?: () => void) => {
				const opened = await openSources([temp.path("t")], settings, NOW);
				return planArchive(opened, report, {
					...settings,
					method,
					commentSize: 0,
					signal: undefined,
					onFound,
				});
			};
			looks.mockClear();
			const [together, alone] = [await planned(), await planned(() => {})];
			expect(looks).toHaveBeenCalledTimes(4); // directories
			expect(together.unportableCount).toBe(4);
			expect(JSON.stringify(together)).toBe(JSON.stringify(alone));
		}
	});

	it("bounds the archive of what it found", async () => {
		await temp.write({ "t/a": noise(100_000), "t/d/b": noise(3_000_000), "t/l": { link: "a" }, "t/e": "" });
		const opened = await openSources([temp.path("t")], sourceSettings(), NOW);
		const report = sourceReport({ skipErrors: false, skipMissing: false }, () => {});
		const { sizeBound = 0 } = await planArchive(opened, report, {
			portableNames: false,
			method: undefined,
			commentSize: 4,
			signal: undefined,
		});
		for (const method of ["auto", "store", "deflate"] as const) {
			const made = await wholeArchive(itemsOf(allEntries(opened, report)), {
				method,
				comment: Buffer.from("note"),
			});
			expect(made.bytes.byteLength).toBeLessThanOrEqual(sizeBound);
			if (method !== "auto") expect(made.bytes.byteLength).toBeGreaterThan(sizeBound * 0.99);
		}
	});

	it("knows no bound where a size is unknown, or entries are yet to be made", async () => {
		expect((await planOf([{ name: "f", content: ["x"] }])).sizeBound).toBeUndefined();
		expect((await planOf([{ name: "f", content: ["x"], size: 1 }])).sizeBound).toBeGreaterThan(0);
		let made = 0;
		const entries = function* (): Generator<GeneratedEntry, void, void> {
			made += 1;
			yield { name: "f", content: "x" };
		};
		expect(await planOf([entries()])).toMatchObject({ entryCount: 0, sizeBound: undefined });
		expect(made).toBe(0);
	});

	it("passes over a remote source only if it is the only one and names stay as they are", async () => {
		await temp.write({ "t/a": "A", b: "B" });
		const opened = await openSources([temp.path("t"), temp.path("b")], sourceSettings(), NOW);
		const [tree, file] = opened.map((source) => ({ ...source, remote: true }));
		if (tree === undefined || file === undefined) throw new Error("not opened");
		const report = sourceReport({ skipErrors: false, skipMissing: false }, () => {});
		const plan = (sources: readonly EntrySource[], portableNames: boolean, passesOverRemote?: boolean) =>
			planArchive(sources, report, {
				...{ method: undefined, commentSize: 0, signal: undefined, portableNames, passesOverRemote },
			});
		const unknown = { complete: false, entryCount: 0, sizeBound: undefined };
		expect(await plan([tree], false, true)).toMatchObject(unknown);
		expect(await plan([tree], false)).toMatchObject({ complete: true, entryCount: 2 });
		expect(await plan([tree], true, true)).toMatchObject({ complete: true, entryCount: 2 });
		expect(await plan([tree, file], false, true)).toMatchObject({ complete: true, entryCount: 3 });
	});

	it("is empty for sources that are", async () => {
		await temp.write({ t: null });
		expect(await planOf([temp.path("t")])).toEqual({
			entryCount: 0,
			sourceSize: 0,
			complete: true,
			sizeBound: 22,
			exact: true,
			zip64: false,
			directorySize: 0,
			objectCount: 0,
			objectSize: 0,
			unportableCount: 0,
			collisions: expect.objectContaining({ count: 0, examples: [] }),
		});
		expect((await planOf([temp.path("t")], { exclude: ["**"] })).entryCount).toBe(0);
	});
});

describe("planArchive: entries of one name", () => {
	const tree = { "one/x": "", "two/x": "", "two/one/x": "", file: "" };
	const refused = (entryName: string, origins: readonly [string, string]) => ({
		code: "DUPLICATE_ENTRY",
		entryName,
		origins,
	});

	it("refuses them, and names both origins", async () => {
		await temp.write(tree);
		const [one, two] = [temp.path("one"), temp.path("two")];
		await expect(
			planOf([
				{ path: one, as: "" },
				{ path: two, as: "" },
			]),
		).rejects.toMatchObject(refused("x", [temp.path("one/x"), temp.path("two/x")]));
		await expect(planOf([one, { path: two, as: "one" }])).rejects.toMatchObject(refused("one/", [one, two]));
		await expect(planOf([{ path: two, as: "" }, one])).rejects.toMatchObject(
			refused("one/", [temp.path("two/one"), one]),
		);
		await expect(planOf([one, one])).rejects.toMatchObject(refused("one/", [one, one]));
		await expect(planOf([temp.path("file"), { name: "file", content: "" }])).rejects.toMatchObject(
			refused("file", [temp.path("file"), '"file"']),
		);
		await expect(
			planOf([
				{ path: one, as: "p" },
				{ path: two, as: "p/" },
			]),
		).rejects.toMatchObject(refused("p/", [one, two]));
	});

	it("refuses them within one list of entries", async () => {
		const entries = [
			{ name: "same", content: "1" },
			{ name: "same", content: "2" },
		];
		await expect(planOf([entries])).rejects.toMatchObject(refused("same", ['"same"', '"same"']));
		await expect(planOf(entries)).rejects.toMatchObject(refused("same", ['"same"', '"same"']));
	});

	it("takes names that only begin alike", async () => {
		await temp.write({ "a/x": "", "ab/x": "", "a.b/x": "" });
		expect((await planOf([temp.path("a"), temp.path("ab"), temp.path("a.b")])).entryCount).toBe(6);
	});
});

describe("planArchive: what goes wrong", () => {
	it("fails for a file that is gone before it is measured, or leaves it out", async () => {
		await temp.write({ "t/a": "1", "t/b": "2" });
		const vanish = async (options: SourceOptions, events: ZipferryEvent[]) => {
			const [source] = await openSources([temp.path("t")], sourceSettings(options), NOW);
			if (source === undefined) throw new Error("no source");
			const report = sourceReport(sourceSettings(options), (event) => events.push(event));
			const vanishing = {
				...source,
				async *entries() {
					for await (const entry of itemsOf(source.entries(report))) {
						if (entry.origin.endsWith("b")) await rm(entry.origin, { force: true });
						yield [entry];
					}
				},
			};
			return planArchive([vanishing], report, {
				portableNames: false,
				method: undefined,
				commentSize: 0,
				signal: undefined,
			});
		};
		await expect(vanish({}, [])).rejects.toMatchObject({
			code: "SOURCE_UNREADABLE",
			message: `cannot read ${temp.path("t/b")}: does not exist`,
		});
		await temp.write({ "t/b": "2" });
		const events: ZipferryEvent[] = [];
		expect((await vanish({ skipErrors: true }, events)).entryCount).toBe(1);
		expect(events).toMatchObject([{ type: "warning", code: "UNREADABLE_SKIPPED" }, { type: "skipped" }]);
	});

	it("stops when the signal aborts", async () => {
		await temp.write({ "t/a": "1" });
		const reason = new Error("enough");
		await expect(planOf([temp.path("t")], {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
	});
});
