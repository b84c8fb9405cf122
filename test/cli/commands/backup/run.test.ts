import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BUCKET, DemoServer } from "../../../support/demo-server.ts";
import { useTempDirectory } from "../../../support/temp-directory.ts";
import { errorLine, zipferry } from "../../zipferry.ts";

const directory = useTempDirectory();
let server: DemoServer;
let number = 0;
beforeAll(async () => {
	server = await DemoServer.start();
});
afterAll(() => server?.close());
beforeEach(() => {
	number += 1;
});

async function config(jobs: string): Promise<void> {
	const target = `s3://${BUCKET}/test-${number}/{name}/%Y-%m-%dT%H-%M-%SZ.zip`;
	await directory.write({
		"zipferry.config.yaml": `defaults:\n  target: ${target}\njobs:\n${jobs}`,
		"src/a.txt": "alpha",
	});
}

function run(...args: readonly string[]) {
	return zipferry(["run", ...args], { env: server.env, cwd: directory.path() });
}

/** Names of the jobs of this test that have archives. */
async function archived(): Promise<string[]> {
	const keys = (await server.keys()).filter(
		(key) => key.startsWith(`test-${number}/`) && key.endsWith(".zip"),
	);
	return keys.map((key) => key.split("/")[1] ?? "");
}

const GOOD = "  good: { sources: [src] }\n";
const BAD = '  bad: { sources: [{ command: [sh, -c, "echo no >&2; exit 1"], name: db.sql }] }\n';
const LAST = "  last: { sources: [src] }\n";

describe("zipferry run", () => {
	it("runs the only job of a config without a name", async () => {
		await config(GOOD);
		const outcome = await run();
		expect(outcome).toMatchObject({ exitCode: 0, stdout: "" });
		expect(outcome.stderr).toMatch(/^good: s3:\/\/demo\/test-\d+\/good\/.*\.zip: 1 entry, .* verified\n$/);
		expect(await archived()).toEqual(["good"]);
	});

	it("says of which job a warning is, and why a file was not written", async () => {
		await config("  good: { sources: [src], metrics-file: no/such/a.prom }\n");
		expect((await run("--quiet")).stderr).toBe(
			`warning: good: the metrics file ${directory.path("no/such/a.prom")} could not be written: ENOENT: no such file or directory\n`,
		);
	});

	it("gives advice in the settings of the config", async () => {
		await config('  empty: { sources: [{ command: ["true"], name: db.sql }] }\n');
		const outcome = await run();
		expect(outcome.exitCode).toBe(4);
		expect(errorLine(outcome)).toMatch(/; set allow-empty in the config to archive an empty file$/);
	});

	it("asks which one is meant if there are several", async () => {
		await config(GOOD + LAST);
		const several = await run();
		expect(several.exitCode).toBe(2);
		expect(errorLine(several)).toBe("say which job: good, last; or --all");
		const strange = await run("god");
		expect(strange.exitCode).toBe(2);
		expect(errorLine(strange)).toMatch(/ has no job "god"; did you mean good\?$/);
		expect(await archived()).toEqual([]);
	});

	it("goes on after a job that has failed, and exits with the worst code", async () => {
		await config(GOOD + BAD + LAST);
		const { exitCode, stdout, stderr } = await run("--all", "--quiet", "--json");
		expect(exitCode).toBe(4);
		expect(stderr).toBe('zipferry: bad: the command sh for "db.sql" failed with exit code 1: no\n');
		expect(JSON.parse(stdout)).toMatchObject([
			{ job: "good", status: "success", exitCode: 0 },
			{ job: "bad", status: "failure", exitCode: 4, error: { code: "COMMAND_FAILED" } },
			{ job: "last", status: "success", exitCode: 0 },
		]);
		expect((await archived()).sort()).toEqual(["good", "last"]);
	});

	it("runs hooks, which are told how it went, and shows what they say", async () => {
		const say = (name: string) =>
			`${name}: 'echo "$ZIPFERRY_HOOK $ZIPFERRY_JOB $ZIPFERRY_STATUS $ZIPFERRY_EXIT_CODE"'`;
		const hooks = ["before", "after", "failed", "finally"].map(say).join(", ");
		await config(
			`  good: { sources: [src], hooks: { ${hooks} } }\n  none: { sources: [nowhere], hooks: { ${hooks} } }\n`,
		);
		const { stderr, exitCode } = await run("--all");
		expect(exitCode).toBe(4);
		const said = stderr.split("\n").filter((line) => / hook: /.test(line));
		expect(said).toEqual([
			"good: before hook: before good running ",
			"good: after hook: after good running ",
			"good: finally hook: finally good success 0",
			"none: before hook: before none running ",
			"none: failed hook: failed none failure 4",
			"none: finally hook: finally none failure 4",
		]);
	});

	it("lists and checks a config without running anything", async () => {
		await config(`${GOOD}  night: { sources: [src], schedule: "30 2 * * *" }\n`);
		const list = await run("--list");
		expect(list.exitCode).toBe(0);
		expect(list.stdout).toMatch(
			/^good {2}s3:\/\/demo\/.*\.zip\nnight {2}s3:\/\/demo\/.*\.zip {2}30 2 \* \* \*\n$/,
		);
		const json = JSON.parse((await run("--list", "--json")).stdout);
		expect(json.jobs).toMatchObject([{ name: "good" }, { name: "night", schedule: "30 2 * * *" }]);
		expect((await run("--check")).stderr).toMatch(/zipferry\.config\.yaml: 2 jobs, no mistakes\n$/);
		await config("  bad: { sources: [src], levle: 3 }\n");
		const bad = await run("--check");
		expect(bad.exitCode).toBe(2);
		expect(bad.stderr).toMatch(/zipferry\.config\.yaml:4: .*levle/);
		expect(await archived()).toEqual([]);
	});

	it("shows in a dry run what all jobs would do", async () => {
		await config(GOOD + LAST);
		const { exitCode, stdout } = await run("--all", "--dry-run");
		expect(exitCode).toBe(0);
		expect(stdout).toMatch(/^job {9}good\n[\s\S]*\njob {9}last\n[\s\S]*key +test-\d+\/last\//);
		expect(await archived()).toEqual([]);
	});

	it("shows that a policy lets go of the new archive sooner than the storage class is billed for", async () => {
		const plan = async (last: number) => {
			const job = `sources: [src], schedule: "30 2 * * *", keep: { last: ${last} }, storage-class: STANDARD_IA`;
			await config(`  night: { ${job}, provider: aws }\n`);
			return (await run("--dry-run")).stdout;
		};
		expect(await plan(5)).toMatch(/^too early {3}\S+ goes on [\d-]+, after [45] days; 30 are billed/m);
		expect(await plan(32)).not.toContain("too early");
	});
});
