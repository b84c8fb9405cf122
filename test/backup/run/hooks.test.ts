import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { Hook } from "../../../src/backup/job.ts";
import { hookEnvironment } from "../../../src/backup/run/hook-environment.ts";
import { runHooks } from "../../../src/backup/run/hooks.ts";
import type { RunReport } from "../../../src/backup/run-report.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const directory = useTempDirectory();

async function run(hooks: readonly Hook[], signal?: AbortSignal): Promise<readonly string[]> {
	const lines: string[] = [];
	const env = { PATH: process.env["PATH"], DIR: directory.path(), ZIPFERRY_JOB: "db" };
	await runHooks("before", hooks, { env, signal, onLine: (line) => lines.push(line) });
	return lines;
}

async function isAlive(pid: number): Promise<boolean> {
	const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
	return text !== "" && !/^\d+ \(.*\) Z/s.test(text);
}

const REPORT: RunReport = {
	job: "db",
	host: "h",
	status: "failure",
	startedAt: "2026-01-01T00:00:00.000Z",
	elapsedMs: 1,
	exitCode: 4,
	error: { code: "COMMAND_FAILED", message: "it failed" },
	archive: undefined,
	retention: undefined,
	warnings: [],
};

describe("hooks", () => {
	it("run one after the other: text in a shell, lists without one", async () => {
		const lines = await run([
			'echo "$ZIPFERRY_JOB" | tr a-z A-Z',
			["printf", "%s\\n", "$ZIPFERRY_JOB; exit 1"],
			"echo said >&2",
		]);
		expect(lines).toEqual(["DB", "$ZIPFERRY_JOB; exit 1", "said"]);
	});

	it("end with the first that fails, whose last line is told and whose arguments are not", async () => {
		const failure = await run([["sh", "-c", "echo no space left >&2; exit 9"], 'touch "$DIR/second"']).catch(
			(error) => error,
		);
		expect(failure).toMatchObject({
			code: "COMMAND_FAILED",
			message: "the before hook sh failed with exit code 9: no space left",
		});
		await expect(directory.read("second")).rejects.toThrow("ENOENT");
	});

	it.each([
		["is not there", ["/no/such/hook"], /^the before hook \/no\/such\/hook cannot be started: /],
		["dies", "kill -9 $$", /^the before hook kill was ended by SIGKILL$/],
		[
			"has a file where a directory should be",
			["/etc/passwd/x"],
			/^the .* cannot be started: there is no program \/etc\/passwd\/x$/,
		],
		["no system takes", ["a\0b"], /^the before hook .* cannot be started: /],
		["begins with a secret", "PGPASSWORD=hunter2 false", /^the before hook failed with exit code 1$/],
		["begins with secret words", "PGPASSWORD='hun ter2' false", /^the before hook failed with exit code 1$/],
	] as [string, Hook, RegExp][])("tell a hook that %s", async (_what, hook, message) => {
		const failure: unknown = await run([hook]).catch((error: unknown) => error);
		expect(failure).toMatchObject({ code: "COMMAND_FAILED", message: expect.stringMatching(message) });
	});

	it("are over when they end, also if they have started a service that keeps their output", async () => {
		const lines = await run(['sleep 600 & echo $! > "$DIR/pid"; echo started']);
		expect(lines).toEqual(["started"]);
		const pid = Number(await directory.read("pid"));
		expect(await isAlive(pid)).toBe(true);
		process.kill(pid);
	});

	it("are ended with all that they have started by an abort", async () => {
		const stop = new AbortController();
		const running = run(
			['sleep 600 & echo $! > "$DIR/pid"; echo $! ; wait', 'touch "$DIR/second"'],
			stop.signal,
		);
		let pid = 0;
		while (!(pid > 0)) {
			pid = Number(await directory.read("pid").catch(() => "0"));
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
		stop.abort(new Error("enough"));
		await expect(running).rejects.toThrow("enough");
		expect(await isAlive(pid)).toBe(false);
		await expect(directory.read("second")).rejects.toThrow("ENOENT");
	});
});

describe("hookEnvironment", () => {
	it("tells what is known of the run, and nothing else", () => {
		expect(hookEnvironment("failed", REPORT)).toEqual({
			ZIPFERRY_HOOK: "failed",
			ZIPFERRY_JOB: "db",
			ZIPFERRY_STATUS: "failure",
			ZIPFERRY_EXIT_CODE: "4",
			ZIPFERRY_ERROR: "it failed",
		});
		const archive = { bucket: "bucket", key: "k.zip" } as RunReport["archive"];
		const running = { ...REPORT, status: "running", error: undefined, archive } as const;
		expect(hookEnvironment("before", running)).toEqual({
			ZIPFERRY_HOOK: "before",
			ZIPFERRY_JOB: "db",
			ZIPFERRY_STATUS: "running",
			ZIPFERRY_ARCHIVE: "s3://bucket/k.zip",
		});
	});
});
