import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { zipNames } from "../../support/zip-contents.ts";
import { errorLine, shell } from "../zipferry.ts";

const directory = useTempDirectory();

function run(line: string): Promise<Outcome> {
	return shell(line, { env: {}, cwd: directory.path() });
}

async function namesOf(line: string): Promise<string[]> {
	expect(await run(line)).toMatchObject({ exitCode: 0 });
	return zipNames(await readFile(directory.path("o.zip")));
}

const tree = { "a/b": "1", "a/c": "2", z: "3", "#z": "4" };

describe("zipferry create --files-from", () => {
	it("archives what a file lists, by its path and without comments", async () => {
		await directory.write({ ...tree, list: "z\n\n./a/b\n#z\n" });
		expect(await namesOf("zipferry create --files-from list o.zip")).toEqual(["#z", "a/b", "z"]);
	});

	it("reads the list from stdin", async () => {
		await directory.write(tree);
		expect(await namesOf("printf 'z\\na/c' | zipferry create --files-from=- o.zip")).toEqual(["a/c", "z"]);
	});

	it("reads what find -print0 writes, with any name", async () => {
		await directory.write({ ...tree, "two\nlines": "5" });
		const line = "find . -type f -print0 | zipferry create --files-from0=- o.zip";
		expect(await namesOf(line)).toEqual(["#z", "a/b", "a/c", expect.stringMatching(/^two.lines$/), "z"]);
	});

	it("adds several lists to other sources", async () => {
		await directory.write({ ...tree, one: "z\n", two: "a/b\0" });
		const line = "zipferry create --files-from one --files-from0 two photos=a/c o.zip";
		expect(await namesOf(line)).toEqual(["photos", "a/b", "z"]);
	});

	it("fails with 4 for a path that is not there, or leaves it out and exits with 3", async () => {
		await directory.write({ ...tree, list: "z\nnothing\n" });
		const outcome = await run("zipferry create --files-from list o.zip");
		expect(outcome.exitCode).toBe(4);
		expect(errorLine(outcome)).toBe("source nothing: does not exist");
		expect(await run("zipferry create --files-from list --skip-errors o.zip")).toMatchObject({ exitCode: 3 });
	});

	it.each([
		[
			"a list that is not there",
			"zipferry create --files-from none o.zip",
			/^cannot read the list none of --files-from: ENOENT: no such file or directory$/,
		],
		[
			"a path that leads out",
			"printf ../x | zipferry create --files-from=- o.zip",
			/^the path "\.\.\/x" in a list has "\.\."/,
		],
		[
			"stdin that is read twice",
			"printf z | zipferry create --files-from=- x=- o.zip",
			/^stdin can be read only once, not by "x" and by --files-from$/,
		],
		["neither sources nor a list", "zipferry create o.zip", /^<source\.\.> and <file\|-> are needed/],
	])("refuses %s", async (_what, line, message) => {
		const outcome = await run(line);
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toMatch(message);
	});

	it("fails with 4 for an empty list", async () => {
		const outcome = await run("zipferry create --files-from=- o.zip < /dev/null");
		expect(outcome.exitCode).toBe(4);
		expect(errorLine(outcome)).toMatch(/^there is nothing to archive/);
	});
});

describe("zipferry create", () => {
	it("leaves out what --exclude-caches, --exclude-if-present and --exclude-larger-than say", async () => {
		await directory.write({
			"t/cache/CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n",
			"t/cache/x": "",
			"t/no/.nobackup": "reason: large",
			"t/no/x": "",
			"t/yes/.nobackup": "",
			"t/yes/x": "",
			"t/large": "x".repeat(1025),
		});
		const options =
			"--exclude-caches --exclude-if-present '.nobackup:reason: ' --exclude-larger-than 1K --one-file-system";
		expect(await namesOf(`zipferry create ${options} t o.zip`)).toEqual([
			"cache/",
			"cache/CACHEDIR.TAG",
			"no/",
			"no/.nobackup",
			"yes/",
			"yes/.nobackup",
			"yes/x",
		]);
	});
});
