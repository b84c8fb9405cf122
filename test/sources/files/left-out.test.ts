import { execFileSync } from "node:child_process";
import { chmod, stat } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { planZip } from "../../../src/archive/planned-archive.ts";
import { rootDirectory } from "../../../src/sources/files/directories/root-directory.ts";
import { createFilter } from "../../../src/sources/files/filter.ts";
import { walk } from "../../../src/sources/files/walk.ts";
import type { SourceOptions } from "../../../src/sources/source-options.ts";
import { itemsOf } from "../../support/batches.ts";
import { zipInChild } from "../../support/child.ts";
import { findEntries } from "../../support/found-entries.ts";
import { makeSettings } from "../../support/settings.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const temp = useTempDirectory();
const SIGNATURE = "Signature: 8a477f597d28d172789f06886806bc55";

/** With blocking calls and without; and planning finds as many. */
async function namesOf(options: SourceOptions, path = temp.path()): Promise<readonly string[]> {
	const { names, events } = await findEntries(path, { ...options, blockingReads: true });
	expect(await findEntries(path, { ...options, blockingReads: false })).toMatchObject({ names, events });
	expect(events).toEqual([]);
	const { plan } = await planZip(path, makeSettings({ ...options, allowEmpty: true }));
	expect(plan.entryCount).toBe(names.length);
	return names;
}

describe("excludeCaches", () => {
	it("leaves out what is in a directory with the tag, but not the directory and the tag", async () => {
		await temp.write({
			"a/cache/CACHEDIR.TAG": `${SIGNATURE}\n# made by somebody\n`,
			"a/cache/x": "",
			"a/cache/deep/y": "",
			"a/z": "",
		});
		expect(await namesOf({ excludeCaches: true })).toEqual(["a/", "a/cache/", "a/cache/CACHEDIR.TAG", "a/z"]);
		expect(await namesOf({})).toContain("a/cache/deep/y");
	});

	it.each([
		["another signature", { "c/CACHEDIR.TAG": SIGNATURE.replace("8a", "8b"), "c/x": "" }],
		["half a signature", { "c/CACHEDIR.TAG": SIGNATURE.slice(0, -1), "c/x": "" }],
		["an empty tag", { "c/CACHEDIR.TAG": "", "c/x": "" }],
		["a directory for a tag", { "c/CACHEDIR.TAG/file": SIGNATURE, "c/x": "" }],
		["a link for a tag", { tag: SIGNATURE, "c/CACHEDIR.TAG": { link: "../tag" }, "c/x": "" }],
	])("takes no notice of %s", async (_what, tree) => {
		await temp.write(tree);
		expect(await namesOf({ excludeCaches: true })).toContain("c/x");
	});

	it("does not wait for a FIFO in place of a tag", async () => {
		await temp.write({ "c/x": "" });
		execFileSync("mkfifo", [temp.path("c/CACHEDIR.TAG")]);
		expect((await findEntries(temp.path(), { excludeCaches: true })).names).toEqual(["c/", "c/x"]);
	});

	it("holds for the source itself", async () => {
		await temp.write({ "CACHEDIR.TAG": SIGNATURE, x: "", "y/z": "" });
		expect(await namesOf({ excludeCaches: true })).toEqual(["CACHEDIR.TAG"]);
	});

	it("does not hide a tag that cannot be read", async () => {
		await temp.write({ "c/CACHEDIR.TAG": SIGNATURE, "c/x": "" });
		await chmod(temp.path(), 0o755);
		await chmod(temp.path("c/CACHEDIR.TAG"), 0);
		const { error } = await zipInChild({ paths: [temp.path()], asNobody: true });
		expect(error?.message).toMatch(/CACHEDIR.TAG: permission denied/);
	});
});

describe("excludeIfPresent", () => {
	const tree = { "a/.nobackup": "", "a/x": "", "b/.nobackup": "why: large", "b/x": "", "c/x": "" };

	it("leaves out what is beside such a file", async () => {
		await temp.write(tree);
		expect(await namesOf({ excludeIfPresent: [{ name: ".nobackup" }] })).toEqual([
			"a/",
			"a/.nobackup",
			"b/",
			"b/.nobackup",
			"c/",
			"c/x",
		]);
	});

	it("looks at the beginning of the file, if it is to", async () => {
		await temp.write(tree);
		const names = await namesOf({ excludeIfPresent: [{ name: ".nobackup", header: "why:" }] });
		expect(names).toContain("a/x");
		expect(names).not.toContain("b/x");
	});

	it("takes several, and names beyond ASCII", async () => {
		await temp.write({ "a/Müll": "", "a/x": "", "b/nein": "", "b/x": "" });
		const names = await namesOf({ excludeIfPresent: [{ name: "Müll" }, { name: "nein" }] });
		expect(names).toEqual(["a/", "a/Müll", "b/", "b/nein"]);
	});

	it("leaves the filters as they are", async () => {
		await temp.write(tree);
		const names = await namesOf({ excludeIfPresent: [{ name: ".nobackup" }], exclude: [".nobackup"] });
		expect(names).toEqual(["a/", "b/", "c/", "c/x"]);
	});
});

describe("excludeLargerThan", () => {
	const tree = { "t/a": "1", "t/b": "22", "t/c": "333", "t/d/e": "4444", "t/l": { link: "c" } };

	it("leaves out files of more bytes, and nothing else", async () => {
		await temp.write(tree);
		expect(await namesOf({ excludeLargerThan: 2 }, temp.path("t"))).toEqual(["a", "b", "d/", "l"]);
		expect(await namesOf({ excludeLargerThan: 0 }, temp.path("t"))).toEqual(["d/", "l"]);
		expect(await namesOf({ excludeLargerThan: 4 }, temp.path("t"))).toContain("d/e");
	});

	it("counts what a followed link leads to", async () => {
		await temp.write(tree);
		const options = { excludeLargerThan: 2, symlinks: "follow" } as const;
		expect(await namesOf(options, temp.path("t"))).toEqual(["a", "b", "d/"]);
	});

	it("takes a file that is a source itself", async () => {
		await temp.write(tree);
		expect(await namesOf({ excludeLargerThan: 1 }, temp.path("t/c"))).toEqual(["c"]);
	});

	it("keeps to the filters", async () => {
		await temp.write(tree);
		expect(await namesOf({ excludeLargerThan: 2, include: ["b", "c"] }, temp.path("t"))).toEqual(["b"]);
		expect(await namesOf({ excludeLargerThan: 2, exclude: ["b"] }, temp.path("t"))).toEqual(["a", "d/", "l"]);
	});
});

describe("oneFileSystem", () => {
	it("archives what is on one device", async () => {
		await temp.write({ "t/a": "1", "t/d/e": "" });
		expect(await namesOf({ oneFileSystem: true }, temp.path("t"))).toEqual(["a", "d/", "d/e"]);
	});

	it("finds a directory on another device, and not what is in it", async () => {
		await temp.write({ "t/a": "1", "t/mount/e": "", "t/mount/f/g": "", "t/z": "" });
		const root = temp.path("t");
		const elsewhere = Object.assign(await stat(root), { dev: -1 }); // which makes those below strangers
		for (const oneFileSystem of [true, false]) {
			const found: string[] = [];
			const options = {
				symlinks: "store" as const,
				blockingReads: true,
				filter: createFilter({ exclude: [], include: [] }),
				oneFileSystem,
				markers: [],
				maxFileSize: undefined,
				onSkipped: () => {},
				onUnreadable: () => {},
				onUnlistable: () => {},
			};
			const steps = walk(rootDirectory(Buffer.from(root), false), elsewhere, options);
			for await (const { relativePath } of itemsOf(steps)) found.push(relativePath);
			const below = oneFileSystem ? [] : ["mount/e", "mount/f", "mount/f/g"];
			expect(found).toEqual(["", "a", "mount", ...below, "z"]);
		}
	});
});
