import { readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Program, type ProgramOptions, stopPrograms } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { zipNames } from "../../support/zip-contents.ts";
import { errorLine, MAIN, shell, zipferry } from "../zipferry.ts";

const directory = useTempDirectory();
let options: ProgramOptions;
beforeEach(async () => {
	await directory.write({ "src/a.txt": "", "src/b.log": "", "src/c.md": "", patterns: "*.md\n" });
	options = { env: {}, cwd: directory.path() };
});
afterEach(stopPrograms);

describe("zipferry --exclude-from -", () => {
	it.each(["--exclude-from -", "--exclude-from=-"])("reads patterns from stdin: %s", async (words) => {
		const line = `printf '# logs\\n*.log\\n' | zipferry create src a.zip -q ${words} --exclude-from patterns`;
		expect(await shell(line, options)).toMatchObject({ exitCode: 0, stderr: "" });
		expect(await zipNames(await readFile(directory.path("a.zip")))).toEqual(["a.txt"]);
	});

	it("fails if stdin cannot be read", async () => {
		const outcome = await shell("zipferry create src a.zip --exclude-from - < src", options);
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toBe("cannot read the patterns in stdin: it is a directory");
	});

	it("stops while nothing comes", async () => {
		await new Program("mkfifo", ["gate", "silent"], options).ended;
		const create = `exec "${process.execPath}" "${MAIN}" create src a.zip --exclude-from gate --exclude-from -`;
		const program = new Program("bash", ["-c", `exec 0<> silent; ${create}`], options);
		await writeFile(directory.path("gate"), "*.log\n"); // as soon as it is read
		program.kill("SIGTERM");
		const outcome = await program.ended;
		expect(outcome.exitCode).toBe(143);
		expect(errorLine(outcome)).toMatch(/^stopped by SIGTERM/);
	});
});

describe("a flag and its opposite", () => {
	it.each([
		[["--quiet", "--no-quiet"], /^a\.zip: 3 entries/],
		[["--no-quiet", "--quiet"], /^$/],
		[["--no-clobber", "--clobber", "--no-quiet"], /^a\.zip: 3 entries/],
	])("are what the last one says: %j", async (words, said) => {
		await directory.write({ "a.zip": "old" });
		const outcome = await zipferry(["create", "src", "a.zip", ...words], options);
		expect(outcome.exitCode).toBe(0);
		expect(outcome.stderr).toMatch(said);
	});
});
