import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import type { FileOutcome, TestOutcome } from "../../.ci/outcome-reporter.js";
import { type Outcome, Program, stopPrograms } from "../support/program.ts";
import { useTempDirectory } from "../support/temp-directory.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const ONCE_MORE = `${PROJECT}.ci/once-more.mjs`;

const directory = useTempDirectory();
afterEach(stopPrograms);

function onceMore(command: string, again: string): Promise<Outcome> {
	const env = { ZIPFERRY_TEST_UNSTEADY: directory.path("unsteady") };
	return new Program(process.execPath, [ONCE_MORE, command, again], { env, cwd: directory.path() }).ended;
}

/** A command for a run of tests with this outcome. */
async function run(name: string, exitCode: number, outcome: Partial<TestOutcome>): Promise<string> {
	const whole: TestOutcome = { ended: "passed", files: [], strays: [], ...outcome };
	await directory.write({
		[name]: JSON.stringify(whole),
		[`${name}.sh`]: `echo "$@" >${name}.args; cp ${name} "$ZIPFERRY_TEST_OUTCOME"; exit ${exitCode}`,
	});
	return `bash ${name}.sh`;
}

function file(name: string, state: string, problems: string[] = [], retried: string[] = []): FileOutcome {
	return { file: name, state, problems, retried };
}

const GOOD = file("good.test.ts", "passed");
const BAD = file("bad.test.ts", "failed", ["a title: Error: a race\nof one second"]);
const THROWN = file("thrown.test.ts", "passed", ["nobody caught: Error: read ECONNRESET"]);

describe("once-more.mjs", () => {
	it("says nothing of tests that pass", async () => {
		const outcome = await onceMore(await run("first", 0, { files: [GOOD] }), "false");
		expect(outcome).toMatchObject({ exitCode: 0, stdout: "" });
	});

	it("runs the files that failed alone, and lists those that pass then as unsteady", async () => {
		const first = await run("first", 1, { ended: "failed", files: [GOOD, BAD, THROWN] });
		const files = [file("bad.test.ts", "passed"), file("thrown.test.ts", "passed")];
		const { exitCode, stdout } = await onceMore(first, await run("second", 0, { files }));
		expect(exitCode).toBe(0);
		expect(await directory.read("second.args")).toBe("--no-file-parallelism bad.test.ts thrown.test.ts\n");
		const listed = await directory.read("unsteady");
		expect(listed).toBe(`unsteady: bad.test.ts: passed when it was run once more, alone
    a title: Error: a race
    of one second
unsteady: thrown.test.ts: passed when it was run once more, alone
    nobody caught: Error: read ECONNRESET
`);
		expect(stdout).toContain("once more, alone: bad.test.ts thrown.test.ts");
	});

	it("lists what has passed at a second attempt within the run", async () => {
		const files = [file("slow.test.ts", "passed", [], ["a title: Error: too late"])];
		expect((await onceMore(await run("first", 0, { files }), "false")).exitCode).toBe(0);
		expect(await readFile(directory.path("unsteady"), "utf8")).toBe(
			"unsteady: slow.test.ts: passed when it was tried again\n    a title: Error: too late\n",
		);
	});

	it.each<[string, Partial<TestOutcome>, number, Partial<TestOutcome>]>([
		["a file that fails again", { files: [BAD] }, 1, { files: [BAD] }],
		["a file that did not run again", { files: [BAD] }, 0, { files: [GOOD] }],
		[
			"a file of which all tests are left out now",
			{ files: [BAD] },
			0,
			{ files: [file(BAD.file, "skipped")] },
		],
		["an error of no file", { files: [BAD], strays: ["a process has ended"] }, 0, { files: [GOOD] }],
		["a run without a file that failed", { files: [GOOD] }, 0, { files: [GOOD] }],
		["a run that was interrupted", { ended: "interrupted", files: [BAD] }, 0, { files: [GOOD] }],
		[
			"many files",
			{ files: Array.from({ length: 11 }, (_, index) => ({ ...BAD, file: `${index}` })) },
			0,
			{},
		],
	])("does not excuse %s", async (_what, first, secondCode, second) => {
		const again = await run("second", secondCode, second);
		expect((await onceMore(await run("first", 1, first), again)).exitCode).toBe(1);
	});

	it.each([
		["fails before there are tests", "exit 7", 7],
		["ends well and has run none", "true", 1],
		["is killed", "kill -9 $$", 1],
	])("fails with a command that %s", async (_how, command, exitCode) => {
		expect((await onceMore(command, await run("second", 0, { files: [GOOD] }))).exitCode).toBe(exitCode);
	});

	it("knows from Vitest what failed, and what nobody caught", { tags: "slow" }, async () => {
		const once = (name: string, action: string) => `
			import { existsSync, writeFileSync } from "node:fs";
			import { setTimeout as delay } from "node:timers/promises";
			import { it } from "vitest";
			it("does it once", async () => {
				if (existsSync("${name}")) return;
				writeFileSync("${name}", "");
				${action}
			});`;
		await directory.write({
			"package.json": '{ "type": "module" }',
			node_modules: { link: `${PROJECT}node_modules` },
			".ci": { link: `${PROJECT}.ci` },
			"vitest.config.ts": await readFile(`${PROJECT}vitest.config.ts`),
			"test/good.test.ts": 'import { it } from "vitest"; it("passes", () => {});',
			"test/fails.test.ts": once("failed", 'throw new Error("late");'),
			"test/throws.test.ts": once(
				"thrown",
				'setTimeout(() => { throw new Error("reset"); }, 1); await delay(100);',
			),
		});
		const vitest = `${process.execPath} node_modules/vitest/vitest.mjs run`;
		const { exitCode, stdout, stderr } = await onceMore(vitest, vitest);
		expect(exitCode, `${stdout}${stderr}`).toBe(0);
		const listed = await directory.read("unsteady");
		expect(listed).toContain(
			"unsteady: test/fails.test.ts: passed when it was run once more, alone\n    does it once: Error: late\n",
		);
		expect(listed).toContain("unsteady: test/throws.test.ts: ");
		expect(listed).toContain("    nobody caught: Error: reset\n");
		await directory.write({
			"test/bad.test.ts": 'import { it } from "vitest"; it("fails", () => { throw 1; });',
		});
		expect((await onceMore(vitest, vitest)).exitCode).toBe(1);
	});
});
