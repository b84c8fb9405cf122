import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { shell, zipferry } from "../zipferry.ts";

const directory = useTempDirectory();
let server: DemoServer;
beforeAll(async () => {
	server = await DemoServer.start();
});
afterAll(() => server?.close());
beforeEach(async () => {
	await directory.write({
		"src/a.txt": "a".repeat(10_000),
		"src/b/con": "12345",
		"src/empty.txt": "",
		"src/link": { link: "a.txt" },
	});
	execFileSync("mkfifo", [directory.path("src/fifo")]);
});

function run(...args: readonly string[]) {
	return zipferry(args, { env: server.env, cwd: directory.path() });
}

const ADDED = [
	"added a.txt (9.77 KiB, deflated to 1%)",
	"added b/",
	"added b/con (5 B, stored, the name will not open on Windows or in strict readers)",
	"added empty.txt (0 B, stored)",
	"left out src/fifo: FIFO",
	"added link (link)",
];

/** The lines about entries; opening runs ahead of archiving, so that their order is not fixed. */
function entryLines(stderr: string): string[] {
	return stderr.split("\n").filter((line) => /^(added|would add|left out|renamed) /.test(line));
}

describe("--verbose", () => {
	it("lists what is added, with size and method, and what is left out and why", async () => {
		const { exitCode, stderr } = await run("upload", "src", `s3://${BUCKET}/a.zip`, "--verbose");
		expect(exitCode).toBe(0);
		expect(entryLines(stderr).toSorted()).toEqual(ADDED.toSorted());
		expect(stderr).toMatch(/, 1 left out(,|$)/m);
	});

	it("lists names that change, once", async () => {
		const { stderr } = await run("create", "src", "a.zip", "--portable-names", "-v");
		expect(entryLines(stderr)).toContain("renamed b/con to b/_con");
		expect(entryLines(stderr)).toContain("added b/_con (5 B, stored)");
		expect(stderr.match(/^renamed/gm)).toHaveLength(1);
	});

	it.each([
		["upload", `s3://${BUCKET}/a.zip`],
		["create", "a.zip"],
	] as const)("lists what would be in the archive with %s --dry-run", async (command, target) => {
		const { exitCode, stdout, stderr } = await run(command, "src", target, "--dry-run", "--verbose");
		expect(exitCode).toBe(0);
		expect(entryLines(stderr).toSorted()).toEqual(
			[
				"would add a.txt (9.77 KiB)",
				"would add b/",
				"would add b/con (5 B, the name will not open on Windows or in strict readers)",
				"would add empty.txt (0 B)",
				"left out src/fifo: FIFO",
				"would add link (link)",
			].toSorted(),
		);
		expect(stdout).toMatch(/^left out {4}1$/m);
	});

	it("keeps stdout for JSON, and says nothing with --quiet", async () => {
		const json = await run("create", "src", "a.zip", "--json", "--verbose");
		expect(JSON.parse(json.stdout)).toMatchObject({ entryCount: 5, skippedCount: 1 });
		expect(entryLines(json.stderr)).toHaveLength(ADDED.length);
		const quiet = await run("create", "src", "a.zip", "--quiet", "--verbose");
		expect(entryLines(quiet.stderr)).toEqual([]);
	});

	it("says once what a warning says already", async () => {
		await directory.write({ list: "src/a.txt\nnothing\n" });
		const { stderr } = await run("create", "--files-from", "list", "a.zip", "-v", "--skip-errors");
		expect(stderr.split("\n").filter((line) => line.includes("nothing"))).toEqual([
			"warning: left out nothing: does not exist",
		]);
	});

	it("lists an older archive that the new one takes the place of", async () => {
		await directory.write({ "src/a.zip": "old" });
		for (const options of [["--dry-run"], []]) {
			const { stderr } = await run("create", "src", "src/a.zip", "-v", ...options);
			expect(entryLines(stderr)).toContain("left out src/a.zip: the archive itself");
		}
	});

	it.each(["upload src s3://demo/a.zip", "create src a.zip"])(
		"comes before the plan: %s",
		async (command) => {
			const line = `zipferry ${command} --dry-run --verbose 2>&1`;
			const { stdout } = await shell(line, { env: server.env, cwd: directory.path() });
			expect(stdout.lastIndexOf("would add")).toBeLessThan(stdout.indexOf("\nentries "));
		},
	);

	it("takes data that stays as it is for no larger", async () => {
		await directory.write({ noise: randomBytes(3 * 1024 * 1024) });
		const { stderr } = await run("create", "noise", "a.zip", "--verbose", "--method", "deflate");
		expect(entryLines(stderr)).toEqual(["added noise (3.00 MiB, deflated to 100%)"]);
	});

	it("is pointed to where something is left out, and names stay unnamed", async () => {
		const { stderr } = await run("create", "src", "a.zip");
		expect(stderr).toMatch(/, 1 left out \(--verbose lists them\)/);
		expect(entryLines(stderr)).toEqual([]);
	});
});
