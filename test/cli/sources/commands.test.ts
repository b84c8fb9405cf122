import { readFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { stopPrograms } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { zipContents, zipNames } from "../../support/zip-contents.ts";
import { errorLine, startZipferry, zipferry } from "../zipferry.ts";

const URL = `s3://${BUCKET}/db.zip`;

const directory = useTempDirectory();
let server: DemoServer;
beforeAll(async () => {
	server = await DemoServer.start();
});
afterAll(() => server?.close());
afterEach(stopPrograms);

function options() {
	return { env: server.env, cwd: directory.path() };
}

function run(...args: readonly string[]) {
	return zipferry(args, options());
}

async function pidIn(file: string): Promise<number> {
	for (;;) {
		const text = await readFile(directory.path(file), "utf8").catch(() => "");
		if (text.endsWith("\n")) return Number(text);
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}

async function isAlive(pid: number): Promise<boolean> {
	const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
	return text !== "" && !/^\d+ \(.*\) Z/s.test(text);
}

describe("--stdin-from-command", () => {
	it("archives what the command behind -- writes, options and all", async () => {
		const outcome = await run(
			...["upload", "--stdin-from-command", "--stdin-filename", "db.sql", URL],
			...["--", "printf", "--", "%s\\n", "--json", "-q"],
		);
		expect(outcome).toMatchObject({ exitCode: 0, stdout: "" });
		expect(outcome.stderr).toMatch(/^s3:\/\/demo\/db\.zip: 1 entry, /);
		const contents = await zipContents((await server.get("db.zip")).bytes);
		expect(contents.get("db.sql")?.data.toString()).toBe("--json\n-q\n");
	});

	it("takes other sources as well, and calls it stdin if nobody names it", async () => {
		await directory.write({ "etc/hosts": "localhost" });
		const outcome = await run("create", "etc", "a.zip", "--stdin-from-command", "--", "echo", "data");
		expect(outcome.exitCode).toBe(0);
		expect(await zipNames(await readFile(directory.path("a.zip")))).toEqual(["etc/", "etc/hosts", "stdin"]);
	});

	it("shows what the command says, and passes a failure on as exit code 4", async () => {
		const script = "echo data; echo 'no such table' >&2; exit 2";
		const outcome = await run(
			"upload",
			"--stdin-from-command",
			`s3://${BUCKET}/no.zip`,
			"--",
			"sh",
			"-c",
			script,
		);
		expect(outcome).toMatchObject({
			exitCode: 4,
			stdout: "",
			stderr:
				'stdin: no such table\nzipferry: the command sh for "stdin" failed with exit code 2: no such table\n',
		});
		expect(await server.keys()).not.toContain("no.zip");
		const quiet = await run("upload", "-q", "--stdin-from-command", URL, "--", "sh", "-c", script);
		expect(errorLine(quiet)).toBe('the command sh for "stdin" failed with exit code 2: no such table');
	});

	it("refuses a command that gives no data, and says what takes it", async () => {
		const nothing = await run("create", "a.zip", "--stdin-from-command", "--", "true");
		expect(nothing.exitCode).toBe(4);
		expect(errorLine(nothing)).toBe(
			'the command true for "stdin" gave no data; use --allow-empty to archive an empty file',
		);
		const allowed = await run("create", "a.zip", "--allow-empty", "--stdin-from-command", "--", "true");
		expect(allowed.exitCode).toBe(0);
	});

	it("runs nothing in a dry run", async () => {
		const dry = await run("upload", "--dry-run", URL, "--stdin-from-command", "--", "touch", "ran");
		expect(dry.exitCode).toBe(0);
		await expect(directory.read("ran")).rejects.toThrow("ENOENT");
	});

	it.each([
		[["upload", "--stdin-from-command", URL], /^--stdin-from-command needs a command behind --/],
		[
			["upload", "--stdin-filename", "a", ".", URL],
			/^--stdin-filename does nothing without --stdin-from-command$/,
		],
	])("says what is missing: %j", async (args, message) => {
		const outcome = await run(...args);
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toMatch(message);
	});

	it.each([["SIGTERM"], ["SIGQUIT"]] as const)("leaves no command behind after %s", async (signal) => {
		const script = "sleep 600 & echo $! > child; echo $$ > pid; echo data; wait";
		const args = ["upload", "--stdin-from-command", `s3://${BUCKET}/no.zip`, "--", "sh", "-c", script];
		const program = startZipferry(args, options());
		const pids = [await pidIn("pid"), await pidIn("child")];
		program.kill(signal);
		expect((await program.ended).exitCode).toBe(signal === "SIGTERM" ? 143 : 131);
		await expect.poll(() => Promise.all(pids.map(isAlive)), { timeout: 10_000 }).toEqual([false, false]);
		expect(await server.keys()).not.toContain("no.zip");
	});
});
