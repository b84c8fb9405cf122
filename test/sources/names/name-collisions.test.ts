import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planZip } from "../../../src/archive/planned-archive.ts";
import { RunReport } from "../../../src/archive/run-report.ts";
import type { ZipferryEvent } from "../../../src/events.ts";
import { NameCollisions } from "../../../src/sources/names/name-collisions.ts";
import type { Source } from "../../../src/sources/source.ts";
import { makeSettings } from "../../support/settings.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const temp = useTempDirectory();

function collisionsOf(names: readonly string[], ordered = true): readonly string[] {
	const collisions = new NameCollisions(ordered);
	collisions.startSource("");
	for (const name of names) collisions.add(name);
	expect(collisions.examples).toHaveLength(Math.min(collisions.count, 3));
	return collisions.examples.map((pair) => pair.join(" "));
}

describe("NameCollisions", () => {
	it.each([
		["case", ["A", "a"], ["A a"]],
		["case among many", ["B", "README", "Readme", "a", "readme", "z"], ["README Readme", "README readme"]],
		["case beyond ASCII", ["\u00c4", "\u00e4"], ["\u00c4 \u00e4"]],
		["lower before upper case", ["\u00ff", "\u0178"], ["\u00ff \u0178"]],
		["accents", ["e\u0301", "\u00e9"], ["e\u0301 \u00e9"]],
		["a file and a directory", ["A/", "A/x", "a"], ["A a"]],
		["directories", ["d/A/", "d/A/x", "d/a/", "d/a/x", "d/a/y"], ["d/A d/a"]],
		["directories that are no entries", ["A/x", "a/x"], ["A a"]],
	])("finds names that differ in %s", (_what, names, found) => {
		expect(collisionsOf(names)).toEqual(found);
		expect(collisionsOf(names, false)).toEqual(found);
	});

	it.each([
		[["A/", "A/b", "B/", "B/a", "B/b"]],
		[["A/", "A/A", "A/b", "B"]],
		[["X/Y/1", "X/Y/2", "X/Z", "x-y"]],
		[["d/", "d/a", "d/b"]],
	])("finds none in %j", (names) => {
		expect(collisionsOf(names)).toEqual([]);
		expect(collisionsOf(names, false)).toEqual([]);
	});

	it("finds the same in files that are added together", () => {
		const segment = fc.constantFrom("a", "A", "b", "B.txt", "b.txt", "\u00e4", "\u00c4", "z");
		const directories = fc.uniqueArray(fc.constantFrom("", "A/", "a/", "a/b/"));
		fc.assert(
			fc.property(directories, fc.uniqueArray(segment), fc.boolean(), (starts, names, ordered) => {
				const [alone, together] = [new NameCollisions(ordered), new NameCollisions(ordered)];
				const sorted = [...names].sort();
				for (const start of starts.sort()) {
					for (const name of sorted) alone.add(start + name);
					if (sorted.length > 0) together.addFiles(start, sorted.join("/"));
				}
				const { count, examples } = together;
				expect({ count, examples }).toEqual({ count: alone.count, examples: alone.examples });
			}),
		);
	});

	it("finds each of many names in one directory", () => {
		const collisions = new NameCollisions(true);
		collisions.startSource("");
		for (let index = 0; index < 20_000; index++) collisions.add(`IMG_${index}.JPG`);
		for (let index = 0; index < 20_000; index++) collisions.add(`img_${index}.jpg`);
		expect(collisions.count).toBe(20_000);
		expect(collisions.examples).toHaveLength(3);
	});

	it("compares the paths of sources", () => {
		const collisions = new NameCollisions(true);
		for (const path of ["work/src", "work/SRC", "other"]) {
			collisions.startSource(path);
			for (const name of ["/", "/A", "/b"]) collisions.add(path + name);
		}
		expect(collisions.examples).toEqual([["work/src", "work/SRC"]]);
	});
});

describe("a plan", () => {
	async function warningsOf(sources: Source | readonly Source[]): Promise<readonly ZipferryEvent[]> {
		const events: ZipferryEvent[] = [];
		await planZip(sources, makeSettings(), new RunReport((event) => void events.push(event)));
		return events.filter((event) => event.type === "warning");
	}

	it("warns once of names that Windows and macOS take for the same, and shows some", async () => {
		await temp.write({ "t/\u00c4": "1", "t/\u00e4": "2", "t/d/X": "3", "t/d/x": "4" });
		expect(await warningsOf(temp.path("t"))).toMatchObject([
			{
				code: "NAMES_COLLIDE",
				problem:
					'"d/X" and "d/x", "\u00c4" and "\u00e4" differ only in upper and lower case, or in how an accent is encoded; on Windows and macOS one replaces the other',
			},
		]);
		await temp.write({ "t/d/Y": "5", "t/d/y": "6", "t/d/Z": "7", "t/d/z": "8" });
		expect(await warningsOf(temp.path("t"))).toMatchObject([
			{
				problem: expect.stringMatching(
					/^"d\/X" and "d\/x", ("[^"]+" and "[^"]+"(, )?){2}, and 1 more differ/,
				),
			},
		]);
	});

	it("warns of generated entries and of several sources as well", async () => {
		await temp.write({ "one/x": "", "two/X": "" });
		const [one, two] = [temp.path("one"), temp.path("two")];
		for (const sources of [
			[
				{ path: one, as: "" },
				{ path: two, as: "" },
			],
			[
				{ path: one, as: "a" },
				{ path: two, as: "A" },
			],
			[
				{ name: "b/a", content: "" },
				{ name: "b/A", content: "" },
			],
		])
			expect(await warningsOf(sources)).toMatchObject([{ code: "NAMES_COLLIDE" }]);
	});

	it("does not warn where no names collide", async () => {
		await temp.write({ "one/x": "", "one/Y": "", "two/x": "", "two/Y": "" });
		expect(await warningsOf([temp.path("one"), temp.path("two")])).toEqual([]);
	});
});
