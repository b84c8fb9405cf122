import { describe, expect, it } from "vitest";
import type { FilterPatterns } from "../../../src/sources/files/filter.ts";
import { findEntries } from "../../support/found-entries.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const temp = useTempDirectory();

const TREE = {
	"a.log": "",
	"a.txt": "",
	"build/out.js": "",
	"src/a.log": "",
	"src/build/x.js": "",
	"src/deep/er/b.txt": "",
	"src/main.ts": "",
	"#hash": "",
	"ü.txt": "",
};

const FILES = Object.keys(TREE);

async function files(patterns: FilterPatterns): Promise<string[]> {
	await temp.write(TREE);
	const { names } = await findEntries(temp.path(), patterns);
	return names.filter((name) => !name.endsWith("/"));
}

function without(...names: readonly string[]): string[] {
	return FILES.filter((name) => !names.includes(name)).sort((a, b) =>
		Buffer.compare(Buffer.from(a), Buffer.from(b)),
	);
}

describe("filters in gitignore syntax", () => {
	it.each<[string, string[], string[]]>([
		["a name, anywhere", ["a.log"], without("a.log", "src/a.log")],
		["a name at the root", ["/a.log"], without("a.log")],
		["a wildcard", ["*.log"], without("a.log", "src/a.log")],
		["a wildcard that stops at a slash", ["src/*.txt"], without()],
		["a wildcard across directories", ["src/**/*.txt"], without("src/deep/er/b.txt")],
		["a directory with all that is in it", ["build/"], without("build/out.js", "src/build/x.js")],
		["a directory at the root", ["/build/"], without("build/out.js")],
		[
			"a directory's contents",
			["src/**"],
			without("src/a.log", "src/build/x.js", "src/deep/er/b.txt", "src/main.ts"),
		],
		["all but one", ["*.log", "!src/a.log"], without("a.log")],
		["everything", ["**"], []],
		["a pattern ending in a slash, which no file is", ["a.txt/"], without()],
		["a comment, which is none", ["#hash"], without()],
		["an escaped hash", ["\\#hash"], without("#hash")],
		["a class", ["[am]*.t[sx]*"], without("a.txt", "src/main.ts")],
		["upper case, which is another name", ["A.LOG"], without()],
		["a name beyond ASCII", ["ü.*"], without("ü.txt")],
	])("excludes %s", async (_what, exclude, expected) => {
		expect(await files({ exclude })).toEqual(expected);
	});

	it.each<[string, FilterPatterns, string[]]>([
		["files by name", { include: ["*.txt"] }, ["a.txt", "src/deep/er/b.txt", "ü.txt"]],
		["a directory with all that is in it", { include: ["build/"] }, ["build/out.js", "src/build/x.js"]],
		["one path", { include: ["/src/main.ts"] }, ["src/main.ts"]],
		[
			"less what is excluded",
			{ include: ["src/"], exclude: ["deep", "*.log"] },
			["src/build/x.js", "src/main.ts"],
		],
		["nothing", { include: ["nothing"] }, []],
	])("includes %s", async (_what, patterns, expected) => {
		expect(await files(patterns)).toEqual(expected);
	});

	it("has entries only for directories that are asked for", async () => {
		await temp.write(TREE);
		const { names } = await findEntries(temp.path(), { include: ["build/"] });
		expect(names).toEqual(["build/", "build/out.js", "src/build/", "src/build/x.js"]);
	});

	it("is relative to each source, not to the archive", async () => {
		await temp.write({ "one/a": "", "one/b": "", "two/one/a": "" });
		const sources = [temp.path("one"), temp.path("two")];
		expect((await findEntries(sources, { exclude: ["/a"] })).names).toEqual([
			"one/",
			"one/b",
			"two/",
			"two/one/",
			"two/one/a",
		]);
	});

	it("does not look at what is excluded", async () => {
		await temp.write({ "tree/f": "", "tree/loop": { link: "loop" } });
		const { names, events } = await findEntries(temp.path("tree"), { symlinks: "follow", exclude: ["loop"] });
		expect([names, events]).toEqual([["f"], []]);
	});

	it("excludes what a followed link leads to as the directory it is", async () => {
		await temp.write({ "real/f": "", "tree/l": { link: "../real" }, "tree/g": "" });
		expect((await findEntries(temp.path("tree"), { symlinks: "follow", exclude: ["l/"] })).names).toEqual([
			"g",
		]);
		expect((await findEntries(temp.path("tree"), { exclude: ["l/"] })).names).toEqual(["g", "l"]);
	});

	it("decides the same after many thousand names", async () => {
		const tree: Record<string, string> = {};
		for (let index = 0; index < 10_050; index++) tree[`${index}.${index % 50 === 0 ? "txt" : "log"}`] = "";
		await temp.write(tree);
		const { names } = await findEntries(temp.path(), { exclude: ["*.log"] });
		expect(names.length).toBe(201);
	});
});
