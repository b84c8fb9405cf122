import { mkdir } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadConfig } from "../../../../src/backup/config/load-config.ts";
import { BUCKET, DemoServer } from "../../../support/demo-server.ts";
import { stopPrograms } from "../../../support/program.ts";
import { useTempDirectory } from "../../../support/temp-directory.ts";
import { closeTerminals, Terminal } from "../../../support/terminal.ts";
import { errorLine, MAIN, zipferry } from "../../zipferry.ts";

const directory = useTempDirectory();
const ENTER = "\r";
const FILE = "zipferry.config.yaml";

let server: DemoServer;
beforeEach(async () => {
	server = await DemoServer.start();
	await mkdir(directory.path("photos"));
});
afterEach(async () => {
	await closeTerminals();
	await stopPrograms();
	await server.close();
});

const init = (...args: readonly string[]) =>
	zipferry(["init", ...args], { env: server.env, cwd: directory.path() });

const onTerminal = (columns: number, ...args: readonly string[]) =>
	new Terminal([process.execPath, MAIN, "init", ...args], {
		columns,
		env: server.env,
		cwd: directory.path(),
	});

/** Answers that are typed, each when its question is there. */
async function type(terminal: Terminal, answers: readonly (readonly [question: RegExp, answer: string])[]) {
	for (const [question, answer] of answers) {
		await terminal.shows(question);
		await terminal.shows(/> $|>$/);
		terminal.type(`${answer}${ENTER}`);
	}
}

const load = (env: NodeJS.ProcessEnv = {}) => loadConfig({ cwd: directory.path(), path: FILE, env });

describe("zipferry init --yes", () => {
	it("writes a config that loads, checks the storage, and says what to type next", async () => {
		const { exitCode, stdout, stderr } = await init(
			...["--yes", "--source", "./photos", "--source", "/srv/a: b", "--target", `s3://${BUCKET}/nightly`],
			...["--keep-daily", "14", "--keep-within", "2d", "--schedule", "03:15", "--ping-variable", "PING_URL"],
		);
		expect(stdout).toContain("pass  PutObject");
		expect(stderr).toContain(`wrote ${FILE}`);
		expect(stderr).toContain("  zipferry run photos\n");
		expect(stderr).toContain(`  15 3 * * * zipferry run --quiet --config ${directory.path(FILE)} photos\n`);
		expect(exitCode).toBe(0);
		const { jobs, warnings } = await load({ PING_URL: "https://hc-ping.com/1-2-3" });
		expect(warnings).toEqual([]);
		expect(jobs).toHaveLength(1);
		expect(jobs[0]).toMatchObject({
			name: "photos",
			sources: [{ path: directory.path("photos") }, { path: "/srv/a: b" }],
			upload: { endpoint: server.env["AWS_ENDPOINT_URL_S3"] },
			keep: { daily: 14, within: { days: 2 } },
			tell: { ping: "https://hc-ping.com/1-2-3" },
			schedule: { cron: "15 3 * * *" },
		});
		expect(jobs[0]?.template.text).toBe(`s3://${BUCKET}/nightly/{name}/%Y-%m-%dT%H-%M-%SZ.zip`);
		expect(await directory.read(FILE)).not.toContain(server.env["AWS_SECRET_ACCESS_KEY"]);
		expect(await directory.read(FILE)).toMatch(
			/^# yaml-language-server: \$schema=\S+zipferry\.config\.schema\.json\n/,
		);
	});

	it("writes down what the environment says of the storage, as cron has another one", async () => {
		const { AWS_ACCESS_KEY_ID: _key, ...others } = server.env;
		const env = { ...others, AWS_REGION: "eu-central-1", AWS_PROFILE: "nightly" };
		const args = ["--yes", "--source", "photos", "--target", `s3://${BUCKET}`, "--no-doctor"];
		const outcome = await zipferry(["init", ...args], { env, cwd: directory.path() });
		expect(outcome.exitCode).toBe(0);
		expect((await load()).jobs[0]?.upload).toMatchObject({
			endpoint: server.env["AWS_ENDPOINT_URL_S3"],
			region: "eu-central-1",
			profile: "nightly",
		});
	});

	it("never replaces a config, of whatever kind, without --force", async () => {
		const args = ["--yes", "--source", "photos", "--target", `s3://${BUCKET}`, "--no-doctor", "--quiet"];
		await directory.write({ "zipferry.config.json": "{}" });
		const refused = await init(...args);
		expect(refused.exitCode).toBe(9);
		expect(errorLine(refused)).toMatch(/^zipferry\.config\.json exists; use --force/);
		await directory.write({ [FILE]: "mine" });
		expect((await init(...args, "--config", FILE)).exitCode).toBe(9);
		expect(await directory.read(FILE)).toBe("mine");
		const forced = await init(...args, "--force");
		expect([forced.exitCode, forced.stdout, forced.stderr]).toEqual([0, "", ""]);
		expect((await load()).jobs).toHaveLength(1);
	});

	it.each([
		[[], "init asks questions on a terminal; without one, use --yes with --source and --target"],
		[["--yes"], "--yes needs --source and --target"],
		[["--yes", "--source", "a", "--target", "s3://my-bucket/%Y.zip"], "names no day"],
		[
			["--yes", "--source", "a", "--target", "s3://my-bucket", "--schedule", "25:00"],
			"there is no time 25:00",
		],
		[["--yes", "--source", "a", "--target", "s3://my-bucket", "--ping-variable", "https://x"], "not the URL"],
		[
			["--yes", "--source", "a", "--target", "s3://my-bucket", "--name", "a/b"],
			"--name must be a name of the letters",
		],
		[["--yes", "--source", "a", "--target", "s3://my-bucket", "--config", "a.json"], "init writes YAML"],
		[
			[
				"--yes",
				"--source",
				"a",
				"--target",
				"s3://my-bucket",
				"--endpoint-url",
				"https://me:pass-pass@s3.example.com",
			],
			"the URL has a password in it",
		],
	])("writes nothing for %j", async (args, message) => {
		const outcome = await init(...args);
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toContain(message);
		await expect(directory.read(FILE)).rejects.toThrow("ENOENT");
	});

	it("keeps the config if the storage refuses, and says so with its exit code", async () => {
		const outcome = await init("--yes", "--source", "photos", "--target", "s3://no-such-bucket");
		expect(outcome.exitCode).toBe(5);
		expect(outcome.stderr).toContain(`wrote ${FILE}`);
		expect((await load()).jobs).toHaveLength(1);
	});
});

describe("zipferry init on a terminal", () => {
	it.each([80, 40])(
		"asks the questions that matter, again where an answer is none, at %d columns",
		async (columns) => {
			const terminal = onTerminal(columns, "--no-doctor");
			await type(terminal, [
				[/What to back up/, "./photos"],
				[/What else/, ""],
				[/called\?\n\[photos\]/, ""],
				[/Where to/, ""],
				[/a bucket is[\s\S]*Where to/, "s3://a"],
			]);
			await terminal.shows(/3 to 255 letters/);
			await type(terminal, [
				[/3 to 255 letters[\s\S]*Where to/, `s3://${BUCKET}`],
				[/URL of the storage/, ""],
				[/months to keep/, "7 4"],
				[/three numbers[\s\S]*months to keep/, "7 0 3"],
				[/When\?/, `4:05${ENTER}`], // pasted with the next one, which is nothing
			]);
			expect(await terminal.ended).toBe(0);
			const { jobs } = await load();
			expect(jobs[0]).toMatchObject({
				name: "photos",
				upload: { endpoint: server.env["AWS_ENDPOINT_URL_S3"] },
				keep: { daily: 7, weekly: undefined, monthly: 3 },
				schedule: { cron: "5 4 * * *" },
				tell: { ping: undefined },
			});
		},
	);

	it.each([
		["Ctrl-C", "\x03", 130, /stopped by SIGINT; nothing was written/],
		["Ctrl-D", "\x04", 2, /the input has ended; nothing was written/],
	])("ends with %s, and writes nothing", async (_name, key, exitCode, message) => {
		const terminal = onTerminal(80);
		await type(terminal, [[/What to back up/, "photos"]]);
		await terminal.shows(/What else/);
		terminal.type(key);
		expect(await terminal.ended).toBe(exitCode);
		expect(terminal.text).toMatch(message);
		await expect(directory.read(FILE)).rejects.toThrow("ENOENT");
	});
});
