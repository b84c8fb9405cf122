import { execFileSync } from "node:child_process";
import { link, lstat, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { extractArchive } from "../../src/extract/extract-archive.ts";
import type { ExtractOptions } from "../../src/extract/options.ts";
import { handMadeArchive, MADE_ON_UNIX, unixMode } from "../support/hand-made-archive.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { contentsOf } from "./tree-of.ts";

const temp = useTempDirectory();
const onUnix = (mode: number) => ({ versionMadeBy: MADE_ON_UNIX, externalAttributes: unixMode(mode) });

beforeEach(async () => {
	const archive = handMadeArchive([
		{ name: "d/", ...onUnix(0o040755) },
		{ name: "d/f", content: "new", ...onUnix(0o100644) },
		{ name: "l", content: "d/f", ...onUnix(0o120777) },
		{ name: "z", content: "new", ...onUnix(0o100644) },
	]);
	await writeFile(temp.path("a.zip"), archive);
});

const extract = (options: ExtractOptions = {}) => extractArchive(temp.path("a.zip"), temp.path("t"), options);
const ALL = { d: null, "d/f": "new", l: "-> d/f", z: "new" };
const EXISTS = { code: "DESTINATION_EXISTS", message: expect.stringContaining("nothing was written") };

describe("what is there", () => {
	it.each([
		["a file", { "t/z": "old" }],
		["a file in a directory", { "t/d/f": "old" }],
		["a link", { "t/l": { link: "old" } }],
		["a link where a file is to be", { "t/z": { link: "../outside" } }],
		["a link to nothing", { "t/z": { link: "nowhere" } }],
		["a file where a directory is to be", { "t/d": "old" }],
		["a link where a directory is to be", { "t/d": { link: "../outside" }, "outside/x": "x" }],
		["a directory where a file is to be", { "t/z/x": "old" }],
		["a directory where a link is to be", { "t/l/x": "old" }],
	])("stays, and nothing is written: %s", async (_what, tree) => {
		await temp.write(tree);
		const before = await contentsOf(temp.path("t"));
		await expect(extract()).rejects.toMatchObject(EXISTS);
		expect(await contentsOf(temp.path("t"))).toEqual(before);
	});

	it("is named, and how much more there is", async () => {
		await temp.write({ "t/d/f": "old", "t/z": "old" });
		await expect(extract()).rejects.toMatchObject({
			message: `${temp.path("t")}: d/f exists already, and so do 1 more; nothing was written; set overwrite`,
		});
	});

	it("is no hindrance beside the entries", async () => {
		await temp.write({ "t/d/other": "old", "t/own": "old" });
		await extract();
		expect(await contentsOf(temp.path("t"))).toEqual({ ...ALL, "d/other": "old", own: "old" });
	});

	it("has to be a directory itself", async () => {
		await temp.write({ t: "file" });
		await expect(extract()).rejects.toMatchObject({ code: "DESTINATION_EXISTS" });
	});

	it("may be a link to a directory, as the caller named it", async () => {
		await temp.write({ real: null, t: { link: "real" } });
		await extract();
		expect(await contentsOf(temp.path("real"))).toEqual(ALL);
	});
});

describe("what is replaced", () => {
	it("is a file, as a whole: who has it open, or another name for it, keeps the old one", async () => {
		await temp.write({ "t/z": "old" });
		await link(temp.path("t/z"), temp.path("other-name"));
		await extract({ overwrite: true });
		expect(await contentsOf(temp.path("t"))).toEqual(ALL);
		expect(await readFile(temp.path("other-name"), "utf8")).toBe("old");
	});

	it("is a link, and not what it leads to", async () => {
		await temp.write({ outside: "old", "t/z": { link: "../outside" }, "t/l": "file" });
		await extract({ overwrite: true });
		expect(await contentsOf(temp.path("t"))).toEqual(ALL);
		expect(await readFile(temp.path("outside"), "utf8")).toBe("old");
	});

	it.each([
		["a directory", { "t/z/x": "old" }],
		["a file where a directory is to be", { "t/d": "old" }],
		["a link where a directory is to be", { "t/d": { link: "../outside" }, "outside/x": "x" }],
	])("is never %s", async (_what, tree) => {
		await temp.write(tree);
		const before = await contentsOf(temp.path("t"));
		await expect(extract({ overwrite: true })).rejects.toMatchObject(EXISTS);
		expect(await contentsOf(temp.path("t"))).toEqual(before);
	});

	it("is never a FIFO, which nobody may read from", async () => {
		await temp.write({ t: null });
		execFileSync("mkfifo", [temp.path("t/z")]);
		await expect(extract({ overwrite: true })).rejects.toMatchObject(EXISTS);
		expect((await lstat(temp.path("t/z"))).isFIFO()).toBe(true);
	});
});

describe("a run that goes on from another", () => {
	it("leaves out what is there with size, time and CRC-32", async () => {
		await extract();
		const before = await stat(temp.path("t/z"));
		expect(await extract({ resume: true })).toMatchObject({ entryCount: 1, resumedCount: 3 });
		expect((await stat(temp.path("t/z"))).ino).toBe(before.ino);
	});

	it("extracts what is missing", async () => {
		await extract({ patterns: ["d/"] });
		expect(await extract({ resume: true })).toMatchObject({ entryCount: 3, resumedCount: 1 });
		expect(await contentsOf(temp.path("t"))).toEqual(ALL);
	});

	it.each([
		["another size", "longer"],
		["another content of the same size", "now"],
	])("takes a file with %s for what it is: in the way", async (_what, content) => {
		await extract();
		const { atime, mtime } = await stat(temp.path("t/z"));
		await writeFile(temp.path("t/z"), content);
		await utimes(temp.path("t/z"), atime, mtime);
		await expect(extract({ resume: true })).rejects.toMatchObject(EXISTS);
		expect(await extract({ resume: true, overwrite: true })).toMatchObject({ resumedCount: 2 });
		expect(await contentsOf(temp.path("t"))).toEqual(ALL);
	});

	it("takes a link to another place, and a file of another time, as in the way", async () => {
		await extract();
		await utimes(temp.path("t/z"), 1, 1);
		await expect(extract({ resume: true })).rejects.toMatchObject(EXISTS);
		await temp.write({ "u/l": { link: "d" } });
		await expect(extractArchive(temp.path("a.zip"), temp.path("u"), { resume: true })).rejects.toMatchObject(
			EXISTS,
		);
	});
});
