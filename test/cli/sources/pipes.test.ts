import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { RequestRecord } from "../../../localstack/strict-s3/local-s3.ts";
import { noise } from "../../support/bytes.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { type Outcome, Program, stopPrograms } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { until } from "../../support/until.ts";
import { zipContents } from "../../support/zip-contents.ts";
import { errorLine, MAIN, shell, startZipferry } from "../zipferry.ts";

const directory = useTempDirectory();
let server: DemoServer;
beforeAll(async () => {
	server = await DemoServer.start();
});
afterAll(() => server?.close());
afterEach(stopPrograms);

function run(line: string): Promise<Outcome> {
	return shell(line, { env: server.env, cwd: directory.path() });
}

async function archived(name = "a.zip"): Promise<Record<string, string>> {
	const contents = await zipContents(await readFile(directory.path(name)));
	return Object.fromEntries([...contents].map(([entry, { data }]) => [entry, data.toString()]));
}

describe("stdin as a source", () => {
	it("is archived under the name that it is given", async () => {
		const started = Math.floor(Date.now() / 1000) * 1000;
		expect(await run("printf data | zipferry create db/dump.sql=- a.zip")).toMatchObject({ exitCode: 0 });
		const entry = (await zipContents(await readFile(directory.path("a.zip")))).get("db/dump.sql");
		expect(entry?.data.toString()).toBe("data");
		expect(execFileSync("unzip", ["-Z", directory.path("a.zip")]).toString()).toMatch(
			/^-rw-r--r-- .* db\/dump\.sql$/m,
		);
		execFileSync("unzip", ["-q", "a.zip"], { cwd: directory.path() });
		expect((await stat(directory.path("db/dump.sql"))).mtimeMs).toBeGreaterThanOrEqual(started);
	});

	it("is uploaded beside other sources, whatever its size", async () => {
		const data = noise(12_000_000);
		await writeFile(directory.path("data"), data);
		await directory.write({ "photos/a.txt": "alpha" });
		const line = `cat data | zipferry upload dump=- photos s3://${BUCKET}/mixed.zip --method store --json`;
		const { exitCode, stdout } = await run(line);
		expect(exitCode).toBe(0);
		expect(JSON.parse(stdout)).toMatchObject({ entryCount: 3 });
		const contents = await zipContents((await server.get("mixed.zip")).bytes);
		const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");
		expect(md5(contents.get("dump")?.data ?? Buffer.alloc(0))).toBe(md5(data));
	});

	it("goes through to stdout", async () => {
		expect(await run("printf data | zipferry create x=- - | cat > a.zip")).toMatchObject({ exitCode: 0 });
		expect(await archived()).toEqual({ x: "data" });
	});

	it.each([
		["a file", "zipferry create x=- a.zip < file"],
		["the rest of a file", "{ head -c 0; zipferry create x=- a.zip; } < file"],
		["by its path", "printf content | zipferry create x=/dev/stdin a.zip"],
	])("may be %s", async (_what, line) => {
		await directory.write({ file: "content" });
		expect(await run(line)).toMatchObject({ exitCode: 0 });
		expect(await archived()).toEqual({ x: "content" });
	});

	it.each(["true | zipferry", "zipferry < /dev/null", "zipferry <&-"])(
		"fails with 4 if it gives nothing, and says what may have happened: %s",
		async (start) => {
			const line = start.replace(
				"zipferry",
				`zipferry upload x=- s3://${BUCKET}/empty.zip --expected-size 1G`,
			);
			const outcome = await run(line);
			expect(outcome.exitCode).toBe(4);
			expect(errorLine(outcome)).toBe(
				"stdin gave no data, as if the command that writes into it had failed; use --allow-empty to archive an empty file",
			);
			expect(await server.keys()).not.toContain("empty.zip");
			const allowed = line.replace("empty.zip", "allowed.zip --allow-empty");
			expect(await run(allowed)).toMatchObject({ exitCode: 0 });
			const contents = await zipContents((await server.get("allowed.zip")).bytes);
			expect(contents.get("x")?.data.toString()).toBe("");
		},
	);

	it("is not read by a dry run", async () => {
		const line = "printf data | { zipferry create --dry-run --json x=- a.zip; cat >&2; }";
		const { stdout, stderr } = await run(line);
		expect(JSON.parse(stdout)).toMatchObject({ entryCount: 1, sourceSize: 0 });
		expect(JSON.parse(stdout).sizeBound).toBeUndefined();
		expect(stderr).toBe("data");
	});

	it.each([
		["a=- b=-", 'stdin can be read only once, not for "a" and "b"'],
		["a=- b=/dev/stdin", 'stdin can be read only once, not for "a" and "b"'],
	])("is refused twice: %s", async (sources, message) => {
		const outcome = await run(`printf data | zipferry create ${sources} a.zip`);
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toBe(message);
	});

	it("is refused as a directory's name, and with one that leads out of the archive", async () => {
		for (const name of ["d/", "../x", "/x"])
			expect((await run(`printf data | zipferry create '${name}=-' a.zip`)).exitCode).not.toBe(0);
	});

	it("is refused if it is a terminal, but not where nothing is read", async () => {
		const terminal = (line: string) =>
			run(`script -qec '"${process.execPath}" "${MAIN}" ${line}; echo "exit $?"' /dev/null < /dev/null`);
		const { stdout } = await terminal("create x=- a.zip");
		expect(stdout).toMatch(/stdin is a terminal; send data to it, as in pg_dump .*exit 2/s);
		expect((await terminal("create --dry-run x=- a.zip")).stdout).toMatch(/entries {5}1\b.*exit 0/s);
	});

	it("can be interrupted while it gives nothing", async () => {
		const line = `exec "${process.execPath}" "${MAIN}" upload --expected-size 1G x=- s3://${BUCKET}/stalled.zip < <(printf start; exec sleep 60 2>&-)`;
		const program = new Program("bash", ["-c", line], { env: server.env, cwd: directory.path() });
		await program.handles("SIGHUP"); // as it does all signals, from its first line on
		await delay(1000); // by then it waits, on any machine that is not busy; it is to stop in any case
		program.kill("SIGINT");
		const { exitCode, stderr } = await program.ended;
		expect({ exitCode, stderr }).toEqual({
			exitCode: 130,
			stderr: expect.stringMatching(/stopped by SIGINT/),
		});
		expect(await server.keys()).not.toContain("stalled.zip");
	});
});

describe("stdin with --resume", () => {
	it("sends what is missing of a new archive, which is complete whatever was there", async () => {
		const data = noise(30_000_000);
		await writeFile(directory.path("data"), data);
		const args = `upload --resume --part-size 5M --method store --mtime 2026-01-31T00:00:00Z x=- s3://${BUCKET}/resumed.zip`;
		// The data breaks off, as it does where the command before the pipe is killed; so does the run.
		const first = `{ head -c 20000000 data; sleep 60; } | exec "${process.execPath}" "${MAIN}" ${args}`;
		const program = new Program("bash", ["-c", first], { env: server.env, cwd: directory.path() });
		const isPart = ({ operation, key, status }: RequestRecord) =>
			operation === "UploadPart" && key === "resumed.zip" && status === 200;
		await until(() => server.s3.requests.some(isPart));
		await program.destroy();
		const { exitCode, stdout } = await run(`cat data | zipferry ${args} --json`);
		expect(exitCode).toBe(0);
		expect(JSON.parse(stdout).resumedPartCount).toBeGreaterThan(0);
		const contents = await zipContents((await server.get("resumed.zip")).bytes);
		expect(contents.get("x")?.data.equals(data)).toBe(true);
	});
});

describe("a FIFO as a source", () => {
	it("is read, and waits for somebody who writes", async () => {
		await run("mkfifo dump.sql");
		const outcome = await run("{ sleep 1; printf data > dump.sql; } & zipferry create dump.sql a.zip; wait");
		expect(outcome).toMatchObject({ exitCode: 0 });
		expect(await archived()).toEqual({ "dump.sql": "data" });
	});

	it("is left out where it is met in a directory", async () => {
		await directory.write({ "tree/file": "x" });
		await run("mkfifo tree/pipe");
		expect(await run("zipferry create tree a.zip")).toMatchObject({ exitCode: 0 });
		expect(await archived()).toEqual({ file: "x" });
	});

	it("may be what a shell makes of a command", async () => {
		const line = `"${process.execPath}" "${MAIN}" create one=<(printf 1) two=<(printf 2) a.zip`;
		const options = { env: {}, cwd: directory.path() };
		expect(await new Program("bash", ["-c", line], options).ended).toMatchObject({ exitCode: 0 });
		expect(await archived()).toEqual({ one: "1", two: "2" });
		const nameless = await new Program("bash", ["-c", line.replace("one=", "")], options).ended;
		expect(nameless.exitCode).toBe(2);
		expect(errorLine(nameless)).toMatch(
			/^data from \/dev\/fd\/\d+ needs a name, as in dump\.sql=\/dev\/fd\/\d+$/,
		);
	});

	it("is refused twice, and fails with 4 if it gives nothing", async () => {
		await run("mkfifo pipe");
		expect(errorLine(await run("zipferry create a=pipe b=pipe a.zip"))).toBe(
			'pipe can be read only once, not for "a" and "b"',
		);
		const outcome = await run(
			"{ sleep 1; : > pipe; } & zipferry create pipe a.zip; code=$?; wait; exit $code",
		);
		expect(outcome.exitCode).toBe(4);
		expect(outcome.stderr).toMatch(/^zipferry: pipe gave no data/);
	});

	it("can be interrupted while nobody writes", async () => {
		await run("mkfifo pipe");
		const program = startZipferry(["create", "pipe", "a.zip"], { env: {}, cwd: directory.path() });
		await program.handles("SIGHUP"); // as it does all signals, from its first line on
		await delay(1000);
		program.kill("SIGINT");
		expect(await program.ended).toMatchObject({ exitCode: 130 });
	});
});
