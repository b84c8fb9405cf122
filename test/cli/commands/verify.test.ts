import { readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createZip } from "../../../src/index.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { stopPrograms } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { errorLine, zipferry } from "../zipferry.ts";

const directory = useTempDirectory();
let env: Record<string, string>;
beforeEach(async () => {
	env = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };
	await directory.write({ "tree/a.txt": "alpha", "tree/b.txt": "beta" });
	await createZip(directory.path("tree"), directory.path("a.zip"));
});
afterEach(stopPrograms);

const run = (...args: readonly string[]) => zipferry(args, { env, cwd: directory.path() });

async function damage(file: string, text: string): Promise<void> {
	const bytes = await readFile(directory.path(file));
	bytes[bytes.indexOf(text)] = 0;
	await writeFile(directory.path(file), bytes);
}

describe("zipferry verify", () => {
	it("says what was checked, and what cannot be proven", async () => {
		const { exitCode, stdout, stderr } = await run("verify", "a.zip");
		expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
		expect(stderr).toMatch(
			/^a\.zip: no damage found; 2 entries, content of 2 entries checked \(9 B\), \d+ B read in \d requests; not proven: modes, comments and other fields without a checksum\n$/,
		);
		expect(await run("verify", "a.zip", "--quiet")).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
	});

	it("prints a line for each damage, and exits with 7", async () => {
		await damage("a.zip", "alpha");
		const { exitCode, stdout, stderr } = await run("verify", "a.zip");
		expect(exitCode).toBe(7);
		expect(stdout).toBe(
			'damaged  data  "a.txt" is damaged: its CRC-32 is not the one that the archive states (byte 0)\n',
		);
		expect(stderr).toMatch(/^a\.zip: damaged in 1 place; 2 entries/);
	});

	it("prints the result as JSON", async () => {
		await damage("a.zip", "alpha");
		const { exitCode, stdout } = await run("verify", "a.zip", "--json", "--sample", "100%");
		expect(exitCode).toBe(7);
		expect(JSON.parse(stdout)).toMatchObject({
			ok: false,
			findings: [{ entryName: "a.txt", structure: "data" }],
		});
	});

	it("compares with a directory", async () => {
		await directory.write({ "tree/c.txt": "new" });
		const { exitCode, stdout } = await run("verify", "a.zip", "--against", "tree", "--level", "structure");
		expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: "+  c.txt\n" });
		expect(await run("verify", "a.zip", "--against", "tree", "--exclude", "c.txt")).toMatchObject({
			exitCode: 0,
		});
	});

	it("exits with 4 if there is no such archive", async () => {
		const outcome = await run("verify", "none.zip");
		expect(outcome.exitCode).toBe(4);
		expect(errorLine(outcome)).toBe("none.zip does not exist");
	});

	it.each([
		[["--sample", "lots"], '--sample is a share such as 5% or 0.05, not "lots"'],
		[["--sample", "101%"], '--sample is a share such as 5% or 0.05, not "101%"'],
		[["--exclude", "x"], "--exclude"],
		[["--level", "structure", "--sample", "5%"], "--sample"],
	])("refuses %j", async (args, message) => {
		const outcome = await run("verify", "a.zip", ...args);
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toContain(message);
	});
});

describe("zipferry diff", () => {
	it("prints a line for each difference, and exits with 7", async () => {
		await directory.write({ "tree/c.txt": "new", "tree/a.txt": "longer text" });
		const { exitCode, stdout, stderr } = await run("diff", "a.zip", "tree");
		expect(exitCode).toBe(7);
		expect(stdout).toMatch(/^M {2}a\.txt {2}size 5 → 11(, time .+)?\n\+ {2}c\.txt\n$/);
		expect(stderr).toBe("1 entry added, 0 removed, 1 changed\n");
	});

	it("prints a line of JSON for each difference", async () => {
		await directory.write({ "tree/c.txt": "new" });
		const { stdout } = await run("diff", "a.zip", "tree", "--json");
		expect(
			stdout
				.trimEnd()
				.split("\n")
				.map((line) => JSON.parse(line)),
		).toEqual([{ type: "added", name: "c.txt", kind: "file", changes: [] }]);
	});

	it("exits with 0 if there is none", async () => {
		expect(await run("diff", "a.zip", "a.zip")).toMatchObject({
			exitCode: 0,
			stdout: "",
			stderr: "no differences\n",
		});
	});

	it("exits with 4 if one is not there", async () => {
		expect((await run("diff", "a.zip", "none.zip")).exitCode).toBe(4);
	});
});

describe("zipferry upload --verify", () => {
	let server: DemoServer;
	beforeEach(async () => {
		server = await DemoServer.start({ directory: directory.path("s3") });
		env = server.env;
	});
	afterEach(() => server.close());

	it.each(["structure", "content"])("reads the archive back (%s)", async (level) => {
		const target = `s3://${BUCKET}/a.zip`;
		const { exitCode, stderr } = await run("upload", "tree", target, "--verify", level);
		expect(exitCode).toBe(0);
		expect(stderr).toMatch(new RegExp(`, ${level} verified\n$`));
		const json = await run("upload", "tree", target, "--verify", level, "--json");
		expect(JSON.parse(json.stdout)).toMatchObject({ verified: level });
	});

	it("says so if the archive is there and may not be read", async () => {
		await server.close();
		server = await DemoServer.start({
			onRequest: ({ operation }) =>
				operation === "GetObject" ? { status: 403, code: "AccessDenied", message: "not you" } : undefined,
		});
		env = server.env;
		const outcome = await run(
			"upload",
			"tree",
			`s3://${BUCKET}/a.zip`,
			"--verify",
			"structure",
			"--no-progress",
		);
		expect(outcome.exitCode).toBe(5);
		expect(outcome.stderr).toContain(`s3://${BUCKET}/a.zip is complete, but could not be read back`);
		expect(await server.keys()).toEqual(["a.zip"]);
	});
});
