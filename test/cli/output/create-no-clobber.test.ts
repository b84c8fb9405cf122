import { readdir, readFile, readlink } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Program, type ProgramOptions, stopPrograms } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { zipNames } from "../../support/zip-contents.ts";
import { errorLine, shell, zipferry } from "../zipferry.ts";

const directory = useTempDirectory();
let options: ProgramOptions;
beforeEach(async () => {
	await directory.write({ "src/a.txt": "alpha", "real/old.zip": "old" });
	options = { env: {}, cwd: directory.path() };
});
afterEach(stopPrograms);

const create = (target: string, ...more: readonly string[]) =>
	zipferry(["create", "src", target, "--no-clobber", "-q", ...more], options);

describe("zipferry create --no-clobber", () => {
	it("writes a file that is not there", async () => {
		expect(await create("a.zip")).toMatchObject({ exitCode: 0, stderr: "" });
		expect(await zipNames(await readFile(directory.path("a.zip")))).toEqual(["a.txt"]);
	});

	it.each([
		["real/old.zip", "real/old.zip exists already and is left as it is"],
		["l.zip", "l.zip (a link to ./real/old.zip) exists already and is left as it is"],
	])("fails with exit code 9 and one line if the file exists: %s", async (target, message) => {
		await directory.write({ "l.zip": { link: "real/old.zip" } });
		for (const more of [[], ["--dry-run"]]) {
			const outcome = await create(target, ...more);
			expect(outcome).toMatchObject({ exitCode: 9, stdout: "" });
			expect(errorLine(outcome)).toBe(message);
		}
		expect(await readFile(directory.path("real/old.zip"), "utf8")).toBe("old");
		expect(await readdir(directory.path("real"))).toEqual(["old.zip"]);
	});

	it("writes through a link to what is not there yet", async () => {
		await directory.write({ "l.zip": { link: "real/new.zip" } });
		expect(await create("l.zip")).toMatchObject({ exitCode: 0 });
		expect(await readlink(directory.path("l.zip"))).toBe("real/new.zip");
		expect(await zipNames(await readFile(directory.path("real/new.zip")))).toEqual(["a.txt"]);
		expect((await create("l.zip")).exitCode).toBe(9);
	});

	it("has an error code for programs", async () => {
		const { stdout, exitCode } = await create("real/old.zip", "--json");
		expect(exitCode).toBe(9);
		expect(JSON.parse(stdout)).toMatchObject({ error: { code: "DESTINATION_EXISTS", exitCode: 9 } });
	});

	it.each(["zipferry create src - --no-clobber > out.zip", "zipferry create src /dev/null --no-clobber"])(
		"writes to what holds nothing to overwrite: %s",
		async (line) => {
			expect(await shell(line, options)).toMatchObject({ exitCode: 0 });
		},
	);

	it("writes to a FIFO", async () => {
		await new Program("mkfifo", [directory.path("fifo")], { env: {} }).ended;
		const line = "cat fifo > out.zip & zipferry create src fifo --no-clobber -q; code=$?; wait; exit $code";
		expect(await shell(line, options)).toMatchObject({ exitCode: 0, stderr: "" });
		expect(await zipNames(await readFile(directory.path("out.zip")))).toEqual(["a.txt"]);
	});

	it.skipIf(process.platform !== "linux")(
		"does not take a file for a device because another process has it open",
		async () => {
			const line =
				"sleep 60 3< real/old.zip & zipferry create src /proc/$!/fd/3 --no-clobber; code=$?; kill $!; exit $code";
			const outcome = await shell(line, options);
			expect(outcome.exitCode).toBe(9);
			expect(errorLine(outcome)).toMatch(/^\/proc\/\d+\/fd\/3 exists already/);
			expect(await readFile(directory.path("real/old.zip"), "utf8")).toBe("old");
		},
	);

	it("lets one of two runs at once win", async () => {
		const outcomes = await Promise.all([create("a.zip"), create("a.zip")]);
		expect(outcomes.map(({ exitCode }) => exitCode).sort()).toEqual([0, 9]);
		const [lost] = outcomes.filter(({ exitCode }) => exitCode === 9);
		if (lost !== undefined) expect(errorLine(lost)).toBe("a.zip exists already and is left as it is");
		expect(await zipNames(await readFile(directory.path("a.zip")))).toEqual(["a.txt"]);
		expect((await readdir(directory.path())).sort()).toEqual(["a.zip", "real", "src"]);
	});
});
