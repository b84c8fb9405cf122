import { execFileSync } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { planZip } from "../../../../src/archive/planned-archive.ts";
import { ZipStream } from "../../../../src/archive/zip-stream.ts";
import { PathList } from "../../../../src/sources/files/listed/path-list.ts";
import type { SourceOptions } from "../../../../src/sources/source-options.ts";
import { findEntries } from "../../../support/found-entries.ts";
import { makeSettings } from "../../../support/settings.ts";
import { useTempDirectory } from "../../../support/temp-directory.ts";

const temp = useTempDirectory();
let before = "";
beforeEach(() => {
	before = process.cwd();
	process.chdir(temp.path());
});
afterEach(() => process.chdir(before));

async function namesOf(
	paths: readonly (string | Uint8Array)[],
	options: SourceOptions = {},
): Promise<readonly string[]> {
	const { names } = await findEntries({ paths }, options);
	const { plan } = await planZip({ paths }, makeSettings({ ...options, allowEmpty: true }));
	expect(plan.entryCount).toBe(names.length);
	return names;
}

describe("a list of paths", () => {
	const tree = { "a/b/x": "1", "a/y": "22", "a.txt": "333", z: "4444" };

	it("names each file by its path", async () => {
		await temp.write(tree);
		expect(await namesOf(["z", "a/b/x"])).toEqual(["a/b/x", "z"]);
		const absolute = temp.path("a/y");
		expect(await namesOf([absolute])).toEqual([absolute.slice(1)]);
	});

	it("gives the same order for every order of the list, each path once", async () => {
		await temp.write(tree);
		const all = ["a/b/x", "a/y", "a.txt", "z"];
		expect(await namesOf(["z", "./a.txt", "a//y", "a/b/./x", "z", "a/y/"])).toEqual(all);
		expect(await namesOf(all.toReversed())).toEqual(all);
	});

	it("takes directories with all that is in them, once", async () => {
		await temp.write(tree);
		const all = ["a/", "a/b/", "a/b/x", "a/y"];
		expect(await namesOf(["a"])).toEqual(all);
		expect(await namesOf(["a/y", "a/", "a/b", "a/b/x"])).toEqual(all);
		expect(await namesOf(["a", "a.txt"])).toEqual([...all, "a.txt"]);
	});

	it("takes the current directory for the root of the archive", async () => {
		await temp.write(tree);
		expect(await namesOf(["z", ".", "a/y"])).toEqual(["a.txt", "a/", "a/b/", "a/b/x", "a/y", "z"]);
	});

	it("applies filters, relative to the current directory", async () => {
		await temp.write(tree);
		expect(await namesOf(["a", "a.txt", "z"], { exclude: ["/a/y", "*.txt"] })).toEqual([
			"a/",
			"a/b/",
			"a/b/x",
			"z",
		]);
		expect(await namesOf(["a", "z"], { include: ["x"] })).toEqual(["a/b/x"]);
		expect(await namesOf(["a/b/x", "z"], { exclude: ["a"] })).toEqual(["z"]);
		expect(await namesOf(["a", "z"], { excludeLargerThan: 2 })).toEqual(["a/", "a/b/", "a/b/x", "a/y"]);
	});

	it.each([
		["store", "symlink link"],
		["follow", "file link"],
		["skip", undefined],
	] as const)("treats links as %s says", async (symlinks, expected) => {
		await temp.write({ ...tree, link: { link: "z" } });
		const { entries, events } = await findEntries({ paths: ["link"] }, { symlinks });
		expect(entries.map(({ kind, name }) => `${kind} ${Buffer.from(name)}`)).toEqual(
			expected === undefined ? [] : [expected],
		);
		expect(events).toHaveLength(expected === undefined ? 1 : 0);
	});

	it("leaves out a FIFO, and says so", async () => {
		execFileSync("mkfifo", [temp.path("fifo")]);
		const { names, events } = await findEntries({ paths: ["fifo"] });
		expect(names).toEqual([]);
		expect(events).toEqual([{ type: "skipped", origin: "fifo", reason: "FIFO" }]);
	});

	it("takes names that are no UTF-8, and names of several lines", async () => {
		const bytes = Buffer.from("caf\xe9", "latin1");
		await writeFile(temp.bytes(bytes), "x");
		await temp.write({ "two\nlines": "x" });
		const { entries } = await findEntries({ paths: [bytes, "two\nlines"] });
		expect(entries.map(({ name }) => Buffer.from(name).toString("latin1"))).toEqual([
			"caf\xe9",
			"two\nlines",
		]);
	});

	it("fails for what is not there, or leaves it out", async () => {
		await temp.write(tree);
		await expect(findEntries({ paths: ["a", "nothing", "z"] })).rejects.toMatchObject({
			code: "SOURCE_NOT_FOUND",
			message: "source nothing: does not exist",
		});
		const { names, events } = await findEntries({ paths: ["a.txt", "nothing"] }, { skipErrors: true });
		expect(names).toEqual(["a.txt"]);
		expect(events).toMatchObject([{ code: "UNREADABLE_SKIPPED", origin: "nothing" }, { type: "skipped" }]);
	});

	it("fails for something below a link that is kept as a link", async () => {
		await temp.write({ ...tree, link: { link: "a" } });
		await expect(namesOf(["link", "link/y"])).rejects.toMatchObject({ code: "DUPLICATE_ENTRY" });
		expect(await namesOf(["link/y"])).toEqual(["link/y"]);
		expect(await namesOf(["link", "link/y"], { symlinks: "follow" })).toContain("link/y");
	});

	it.each([["../x"], ["a/../z"], [".."]])("refuses %s, which could have no name", async (path) => {
		await expect(namesOf(["z", path])).rejects.toMatchObject({
			code: "INVALID_OPTION",
			option: "sources[0].paths[1]",
			message: expect.stringContaining(`the path "${path}" in a list has ".." in it`),
		});
	});

	it.each([[""], ["a\0b"]])("refuses %j", async (path) => {
		await expect(namesOf([path])).rejects.toMatchObject({ option: "sources[0].paths[0]" });
	});

	it("refuses two paths of one name, also beside other sources", async () => {
		await temp.write(tree);
		const absolute = temp.path("z");
		await temp.write({ [absolute.slice(1)]: "" });
		await expect(namesOf([absolute, absolute.slice(1)])).rejects.toMatchObject({ code: "DUPLICATE_ENTRY" });
		await expect(planZip([{ path: "z" }, { paths: ["z"] }], makeSettings())).rejects.toMatchObject({
			code: "DUPLICATE_ENTRY",
		});
	});

	it("takes an iterator once", async () => {
		await temp.write(tree);
		const zip = new ZipStream({});
		const paths = ["z"][Symbol.iterator]();
		await expect(findEntries({ paths })).resolves.toMatchObject({ names: ["z"] });
		await expect(findEntries({ paths })).rejects.toThrow("the list of paths was read before");
		expect(zip.summary).toBeUndefined();
	});

	it("looks at a path again when it is archived", async () => {
		await temp.write(tree);
		const planned = await planZip({ paths: ["a", "z"] }, makeSettings());
		await rm(temp.path("z"));
		expect(planned.plan.entryCount).toBe(5);
		expect(planned.repeatable).toBe(true);
	});
});

describe("PathList", () => {
	it("holds few bytes more than the paths have", () => {
		const paths = function* (): Generator<string, void, void> {
			for (let index = 0; index < 20_000; index++) yield `some/where/file-${index}.txt`;
		};
		const list = [...new PathList(paths(), "paths")];
		expect(list).toHaveLength(20_000);
		expect(list[1]).toEqual({ name: "some/where/file-1.txt", path: "some/where/file-1.txt" });
	});
});
