import { readFile, utimes } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BUCKET, DemoServer } from "../../../support/demo-server.ts";
import { stopPrograms } from "../../../support/program.ts";
import { useTempDirectory } from "../../../support/temp-directory.ts";
import { until } from "../../../support/until.ts";
import { zipContents } from "../../../support/zip-contents.ts";
import { errorLine, startZipferry, zipferry } from "../../zipferry.ts";

const TIME = /%Y-%m-%dT%H-%M-%SZ/;
const KEY = /\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ/;

const directory = useTempDirectory();
let server: DemoServer;
let job = 0;
beforeAll(async () => {
	server = await DemoServer.start();
});
afterAll(() => server?.close());
beforeEach(async () => {
	job += 1;
	await directory.write({ "src/a.txt": "alpha", "src/b.txt": "beta" });
	const then = new Date("2020-01-01T00:00:00Z");
	for (const name of ["src/a.txt", "src/b.txt", "src"]) await utimes(directory.path(name), then, then);
});
afterEach(stopPrograms);

/** A template of its own for each test. */
function template(): string {
	return `s3://${BUCKET}/job-${job}/%Y-%m-%dT%H-%M-%SZ.zip`;
}

function options() {
	return { env: server.env, cwd: directory.path() };
}

function backup(...args: readonly string[]) {
	return zipferry(["backup", ...args], options());
}

/** Archives of this test, the oldest first. */
async function archives(): Promise<string[]> {
	return (await server.keys()).filter((key) => key.startsWith(`job-${job}/`) && key.endsWith(".zip"));
}

/** Puts off until the next second, of which the next key is. */
async function nextSecond(): Promise<void> {
	await new Promise((resolve) => setTimeout(resolve, 1_050 - (Date.now() % 1_000)));
}

describe("zipferry backup", () => {
	it("puts an archive under the time of the run, verified, with a record beside it", async () => {
		const outcome = await backup("src", template());
		expect(outcome).toMatchObject({ exitCode: 0, stdout: "" });
		expect(outcome.stderr).toMatch(
			/^s3:\/\/demo\/job-\d+\/[\dTZ-]+\.zip: 2 entries, \d+ B in 0:\d\d, structure verified\n$/,
		);
		const [key = "", ...others] = await archives();
		expect(key).toMatch(KEY);
		expect(others).toEqual([]);
		expect([...(await zipContents((await server.get(key)).bytes)).keys()]).toEqual(["a.txt", "b.txt"]);
		const record = JSON.parse((await server.get(`${key}.record.json`)).bytes.toString());
		expect(record.verified).toMatchObject([{ level: "structure" }]);
		expect(await server.incompleteUploads()).toEqual([]);
	});

	it("prints nothing with --quiet, and a report with --json", async () => {
		expect(await backup("src", template(), "-q")).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
		await nextSecond();
		const { stdout, stderr } = await backup(
			"src",
			template(),
			"-q",
			"--json",
			"--name",
			"src",
			"--verify",
			"content",
		);
		expect(stderr).toBe("");
		expect(JSON.parse(stdout)).toMatchObject({
			job: "src",
			status: "success",
			exitCode: 0,
			archive: { bucket: BUCKET, entryCount: 2, verified: "content" },
			warnings: [],
		});
	});

	it("removes what the policy drops, and only that", async () => {
		await server.put(`job-${job}/notes.txt`, "mine");
		const keys: string[] = [];
		for (let run = 0; run < 3; run++) {
			if (run > 0) await nextSecond();
			const { stdout, exitCode } = await backup("src", template(), "--keep-last", "2", "-q", "--json");
			expect(exitCode).toBe(0);
			const report = JSON.parse(stdout);
			keys.push(report.archive.key);
			expect(report.retention.removedCount).toBe(run < 2 ? 0 : 1);
		}
		const [first, second, third] = keys;
		expect(await archives()).toEqual([second, third]);
		const left = (await server.keys()).filter((key) => key.startsWith(`job-${job}/`));
		expect(left).not.toContain(`${first}.record.json`);
		expect(left).toContain(`job-${job}/notes.txt`);
	});

	it("shows in a dry run what it would do, and changes nothing", async () => {
		await backup("src", template(), "-q");
		const before = await server.keys();
		const { exitCode, stdout } = await backup("src", template(), "--keep-last", "1", "--dry-run");
		expect(exitCode).toBe(0);
		expect(stdout).toMatch(/^key +job-\d+\/[\dTZ-]+\.zip$/m);
		expect(stdout).toMatch(/^keeps +job-\d+\/[\dTZ-]+\.zip \(last\)$/m);
		expect(stdout).toMatch(new RegExp(`^removes +${(await archives())[0]}$`, "m"));
		const json = JSON.parse((await backup("src", template(), "--dry-run", "--json")).stdout);
		expect(json).toMatchObject({ bucket: BUCKET, entryCount: 2 });
		expect(json.key).not.toMatch(TIME);
		expect(await server.keys()).toEqual(before);
	});

	it("says in a dry run which archives go before the storage has billed their shortest time", async () => {
		await backup("src", template(), "-q", "--storage-class", "STANDARD_IA");
		const [first] = await archives();
		const args = ["src", template(), "--keep-last", "1", "--dry-run", "--provider", "aws"];
		const { stdout } = await backup(...args);
		expect(stdout).toMatch(
			new RegExp(`^too early +${first} goes on [\\d-]+, after 0 days; 30 are billed: at most \\$`, "m"),
		);
		const json = JSON.parse((await backup(...args, "--json")).stdout);
		expect(json.earlyDeletions).toMatchObject([{ key: first, days: 0, leastDays: 30, currency: "USD" }]);
	});

	it("uploads nothing if nothing has changed, and prunes all the same", async () => {
		await backup("src", template(), "-q", "--skip-if-unchanged");
		await nextSecond();
		const args = ["src", template(), "--skip-if-unchanged", "--keep-last", "1"];
		const same = await backup(...args);
		expect(same.exitCode).toBe(0);
		expect(same.stderr).toMatch(/^nothing has changed since s3:\/\/demo\/.*; 1 kept, 0 removed\n$/);
		expect(await archives()).toHaveLength(1);
		await nextSecond();
		await directory.write({ "src/c.txt": "gamma" });
		const [old] = await archives();
		expect((await backup(...args)).stderr).toMatch(/3 entries, .*; 1 kept, 1 removed\n$/);
		expect(await archives()).toHaveLength(1);
		expect(await archives()).not.toContain(old);
	});

	it("publishes nothing if a command fails, and leaves older archives alone", async () => {
		const run = (script: string) =>
			backup("--stdin-from-command", "--keep-last", "1", "-q", template(), "--", "sh", "-c", script);
		expect((await run("echo data")).exitCode).toBe(0);
		const before = await archives();
		await nextSecond();
		const outcome = await run("echo data; echo oh no >&2; exit 1");
		expect(outcome.exitCode).toBe(4);
		expect(errorLine(outcome)).toBe('the command sh for "stdin" failed with exit code 1: oh no');
		expect(await archives()).toEqual(before);
	});

	it("exits with 9 if there is an archive of that time, and does not touch it", async () => {
		const fixed = `s3://${BUCKET}/job-${job}/%F.zip`;
		expect((await backup("src", fixed, "-q")).exitCode).toBe(0);
		const [key = ""] = await archives();
		const { ETag } = await server.get(key);
		const outcome = await backup("src", fixed, "-q", "--keep-last", "1");
		expect(outcome.exitCode).toBe(9);
		expect(errorLine(outcome)).toContain(key);
		expect((await server.get(key)).ETag).toBe(ETag);
	});

	it("keeps another run of the same job out with 8, or has it wait", async () => {
		const slow = [
			"--stdin-from-command",
			template(),
			"--",
			"sh",
			"-c",
			"echo started > started; until [ -e go ]; do sleep 0.1; done; echo data",
		];
		const first = startZipferry(["backup", "-q", ...slow], options());
		await until(async () => (await readFile(directory.path("started"), "utf8").catch(() => "")) !== "");
		const second = await backup("src", template());
		expect(second.exitCode).toBe(8);
		expect(errorLine(second)).toMatch(/^another run of this job is under way .*--lock-wait/);
		await nextSecond();
		const third = startZipferry(["backup", "src", template(), "--lock-wait", "1m"], options());
		await third.says(/^waiting for another run of this job/);
		await directory.write({ go: "" });
		expect((await third.ended).exitCode).toBe(0);
		expect((await first.ended).exitCode).toBe(0);
		expect(await archives()).toHaveLength(2);
	});

	it("leaves nothing behind when it is stopped", async () => {
		const script = "echo started > started; head -c 30000000 /dev/urandom; sleep 600";
		const args = ["backup", "--stdin-from-command", template(), "--", "sh", "-c", script];
		const program = startZipferry(args, options());
		await until(async () => (await readFile(directory.path("started"), "utf8").catch(() => "")) !== "");
		program.kill("SIGTERM");
		const { exitCode, stderr } = await program.ended;
		expect(exitCode).toBe(143);
		expect(stderr).toMatch(/zipferry: stopped by SIGTERM/);
		expect(await archives()).toEqual([]);
		expect(await server.incompleteUploads()).toEqual([]);
	});

	it("removes what a killed run has left of its upload", async () => {
		const script = "head -c 30000000 /dev/urandom; echo started > started; sleep 600";
		const args = ["backup", "--stdin-from-command", template(), "--", "sh", "-c", script];
		const program = startZipferry(args, options());
		await until(async () => (await readFile(directory.path("started"), "utf8").catch(() => "")) !== "");
		await until(async () => (await server.incompleteUploads()).length > 0);
		await program.destroy();
		expect((await backup("src", template(), "-q")).exitCode).toBe(0);
		expect(await server.incompleteUploads()).toEqual([]);
	});

	it("writes a log of JSON lines", async () => {
		const { stderr } = await backup("src", template(), "--log-json", "--name", "src");
		const lines = stderr
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line));
		expect(lines.map(({ job: name }) => name)).toEqual(lines.map(() => "src"));
		const events = lines.map(({ event }) => event);
		expect(events).toContain("run-stage");
		expect(events.at(-1)).toBe("run-ended");
		expect(lines.at(-1).report).toMatchObject({ status: "success", exitCode: 0 });
	});

	it.each([
		[["src", `s3://${BUCKET}/plain.zip`], /has no date/],
		[["src", "s3://demo/%F.zip", "--keep-min", "3"], /--keep-min/],
		[["dump=-", "s3://demo/%F.zip"], /--stdin-from-command/],
	])("refuses what makes no sense: %j", async (args, message) => {
		const outcome = await zipferry(["backup", ...args], { ...options(), cwd: directory.path() });
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toMatch(message);
	});
});
