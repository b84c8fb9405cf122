import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BUCKET, DemoServer } from "../../../support/demo-server.ts";
import { madeZip } from "../../../support/made-zip.ts";
import { useTempDirectory } from "../../../support/temp-directory.ts";
import { zipNames } from "../../../support/zip-contents.ts";
import { errorLine, zipferry } from "../../zipferry.ts";

const run = promisify(execFile);
const directory = useTempDirectory();
let server: DemoServer;
beforeAll(async () => {
	server = await DemoServer.start();
});
afterAll(() => server?.close());
beforeEach(() => directory.write({ "a/a.txt": "alpha", "b/b.txt": "beta", "c/c.txt": "gamma" }));

const url = (key: string) => `s3://${BUCKET}/${key}`;

function zf(...args: readonly string[]) {
	const env = { ...server.env, ...server.storage };
	return zipferry(args, { env, cwd: directory.path() });
}

const upload = (source: string, key: string, ...more: readonly string[]) =>
	zf("upload", "--quiet", source, url(key), ...more);

const namesOf = async (key: string) => zipNames((await server.get(key)).bytes);

describe("zipferry append", () => {
	it("adds to an archive and says so in one line", async () => {
		await upload("a", "a.zip");
		const outcome = await zf("append", url("a.zip"), "b/b.txt");
		expect(outcome).toMatchObject({ exitCode: 0, stdout: "" });
		expect(outcome.stderr).toMatch(/^s3:\/\/demo\/a\.zip: 2 entries, 1 added, \d+ B in \d+:\d\d\n$/);
		expect(await namesOf("a.zip")).toEqual(["a.txt", "b.txt"]);
	});

	it("takes what is piped, and prints JSON for programs", async () => {
		await upload("a", "a.zip");
		const { stdout, stderr } = await zf(
			"append",
			"--json",
			"--stdin-from-command",
			url("a.zip"),
			"--",
			"echo",
			"hi",
		);
		expect(stderr).toBe("");
		expect(JSON.parse(stdout)).toMatchObject({
			entryCount: 2,
			addedEntryCount: 1,
			carriedEntryCount: 1,
			dryRun: false,
		});
		expect(await namesOf("a.zip")).toEqual(["a.txt", "stdin"]);
	});

	it("refuses a name that is there, and replaces it if told to", async () => {
		await upload("a", "a.zip");
		const refused = await zf("append", url("a.zip"), "a.txt=b/b.txt");
		expect(refused.exitCode).toBe(2);
		expect(errorLine(refused)).toMatch(
			/^two sources give the entry "a\.txt": .+; use --replace to keep the later one of them$/,
		);
		expect(await zf("append", "--replace", url("a.zip"), "a.txt=b/b.txt")).toMatchObject({ exitCode: 0 });
		expect(await namesOf("a.zip")).toEqual(["a.txt"]);
	});

	it("says what to do about an archive of another program", async () => {
		await server.put("foreign.zip", "PK\x05\x06".padEnd(22, "\0"));
		const { bytes } = await madeZip({ name: "f.txt", content: "f" });
		bytes.writeUInt16LE(20, bytes.indexOf("PK\x01\x02", 0, "latin1") + 4); // another program has made it, as it says
		await server.put("foreign.zip", bytes);
		const outcome = await zf("append", url("foreign.zip"), "b");
		expect(outcome.exitCode).toBe(4);
		expect(errorLine(outcome)).toBe(
			"s3://demo/foreign.zip was not made by zipferry, or has other bytes between its entries; archive its entries anew, with s3://demo/foreign.zip!/ as a source",
		);
	});
});

describe("zipferry remove", () => {
	it("removes what matches, and nothing in a dry run", async () => {
		await upload(".", "a.zip", "--exclude", "*.py");
		const planned = await zf("remove", "--dry-run", url("a.zip"), "a/", "*.zip");
		expect(planned.exitCode).toBe(4);
		const dry = await zf("remove", "--dry-run", url("a.zip"), "a/");
		expect(dry).toMatchObject({ exitCode: 0, stderr: "" });
		expect(dry.stdout).toMatch(/^removed {5}2$/m);
		expect(dry.stdout).toMatch(/^carried {5}4 \(.+\), read and sent as they are$/m);
		expect(await namesOf("a.zip")).toHaveLength(6);
		expect((await zf("remove", url("a.zip"), "a/")).stderr).toMatch(/: 4 entries, 2 removed, /);
		expect(await namesOf("a.zip")).toEqual(["b/", "b/b.txt", "c/", "c/c.txt"]);
	});
});

describe("zipferry merge", () => {
	it("makes one archive of several, which other programs read", async () => {
		await upload("a", "a.zip");
		await upload("b", "b.zip");
		expect(await zf("merge", url("a.zip"), url("b.zip"), url("both.zip"))).toMatchObject({ exitCode: 0 });
		await writeFile(directory.path("both.zip"), (await server.get("both.zip")).bytes);
		const unzip = await run("unzip", ["-t", directory.path("both.zip")]).catch(orMissing);
		if (unzip !== undefined) expect(unzip.stdout).toContain("No errors detected");
		await writeFile(directory.path("test.py"), PYTHON_TEST);
		const python = await run("python3", [directory.path("test.py"), directory.path("both.zip")]).catch(
			orMissing,
		);
		if (python !== undefined) expect(python.stdout).toBe("None ['a.txt', 'b.txt']\n");
	});

	it("exits with 9 if the target is there and must not be replaced", async () => {
		await upload("a", "a.zip");
		await upload("b", "b.zip");
		expect(await zf("merge", "--no-clobber", url("a.zip"), url("b.zip"))).toMatchObject({ exitCode: 9 });
		expect(await namesOf("b.zip")).toEqual(["b.txt"]);
	});
});

const PYTHON_TEST =
	"import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nprint(z.testzip(), z.namelist())\n";

/** A program that is not there shows nothing. */
function orMissing(error: NodeJS.ErrnoException): undefined {
	if (error.code === "ENOENT") return undefined;
	throw error;
}
