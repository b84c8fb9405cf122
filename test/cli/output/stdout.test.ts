import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DemoServer } from "../../support/demo-server.ts";
import type { ProgramOptions } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { zipNames } from "../../support/zip-contents.ts";
import { errorLine, MAIN, shell } from "../zipferry.ts";

const FULL = "cannot write the output to stdout: ENOSPC: no space left on device, write";

const directory = useTempDirectory();
let server: DemoServer;
let options: ProgramOptions;
beforeAll(async () => {
	server = await DemoServer.start();
});
afterAll(() => server?.close());
beforeEach(async () => {
	await directory.write({ "src/a.txt": "alpha" });
	options = { env: server.env, cwd: directory.path() };
});

describe.skipIf(process.platform !== "linux")("output that cannot be written", () => {
	it.each([
		["--help", ""],
		["create --help", ""],
		["--version", ""],
		["create src a.zip --dry-run", ""],
		["create src a.zip --dry-run --json", ""],
		["upload src s3://demo/plan.zip --dry-run", ""],
		["create src a.zip --json", "; the archive a.zip is complete"],
		["upload src s3://demo/full.zip --json", "; the archive s3://demo/full.zip is complete"],
		["uploads s3://demo --json", ""],
		["doctor s3://demo/", ""],
		["doctor s3://demo/ --json", ""],
	])("is told in one line, with exit code 10: %s", async (command, done) => {
		const outcome = await shell(`zipferry ${command} > /dev/full`, options);
		expect(outcome.exitCode).toBe(10);
		const lines = outcome.stderr.trimEnd().split("\n");
		expect(lines.filter((line) => line.startsWith("zipferry:"))).toEqual([`zipferry: ${FULL}${done}`]);
	});

	it("does not hide why a run has failed", async () => {
		const outcome = await shell("zipferry create missing a.zip --json > /dev/full", options);
		expect(outcome.exitCode).toBe(4);
		expect(outcome.stderr).toBe(`zipferry: source missing: does not exist\nzipferry: ${FULL}\n`);
	});

	it("leaves what was made as it is", async () => {
		await shell("zipferry create src a.zip --json > /dev/full", options);
		expect(await zipNames(await readFile(directory.path("a.zip")))).toEqual(["a.txt"]);
	});

	it("fails where the last bytes of an archive find no room", async () => {
		await directory.write({ "src/a.txt": Buffer.alloc(600, "noise") });
		const outcome = await shell("ulimit -f 1; zipferry create src - --method store > a.zip", options);
		expect(outcome.exitCode).toBe(4);
		expect(errorLine(outcome)).toMatch(/^cannot write stdout: EFBIG/);
	});
});

describe("a reader that has enough", () => {
	it.each(["--help", "create src a.zip --json", "uploads s3://demo --json"])(
		"is no failure: %s",
		async (command) => {
			const line = `{ zipferry ${command}; echo "exit $?" >&2; } | :`;
			const { stderr } = await shell(line, options);
			expect(stderr).not.toContain("zipferry:");
			expect(stderr).toMatch(/exit 0\n$/);
		},
	);
});

describe("a reader that does not read on", () => {
	it("holds nobody who stops the program, which says what is done", { tags: "slow" }, async () => {
		const line = `{
			head -c 65536 /dev/zero # the pipe is full now
			zipferry create src a.zip --json & pid=$!
			while [ ! -e a.zip ]; do sleep 0.05; done
			sleep 0.5; kill -TERM $pid; wait $pid; echo "exit $?" >&2
		} | sleep 8`;
		const { stderr } = await shell(line.replace("zipferry create", `"$node" "$main" create`), {
			...options,
			env: { ...options.env, node: process.execPath, main: MAIN },
		});
		expect(stderr).toBe("zipferry: stopped by SIGTERM; the archive a.zip is complete\nexit 143\n");
	});
});
