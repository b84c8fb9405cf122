import { writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { handMadeArchive } from "../../support/hand-made-archive.ts";
import type { Outcome } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { errorLine, shell, zipferry } from "../zipferry.ts";

const directory = useTempDirectory();
let server: DemoServer;
beforeEach(async () => {
	server = await DemoServer.start();
	await directory.write({
		"src/a.txt": "x".repeat(10_000),
		"src/b.bin": "b",
		"src/docs/c.md": "c".repeat(200),
		"src/docs/ü.md": "",
		"src/link": { link: "a.txt" },
	});
	const made = await run(["create", "--mtime", "2026-02-03T04:05:06Z", "src", "a.zip"]);
	expect(made.exitCode).toBe(0);
});
afterEach(() => server.s3.close());

function run(args: readonly string[]): Promise<Outcome> {
	return zipferry(args, { env: { ...server.env, TZ: "UTC" }, cwd: directory.path() });
}
const ls = (...args: readonly string[]) => run(["ls", ...args]);
const listed = async (...args: readonly string[]) => (await ls(...args)).stdout.trimEnd().split("\n");

describe("zipferry ls", () => {
	it("prints names in the order of the archive, and a total on stderr", async () => {
		expect(await ls("a.zip")).toMatchObject({
			exitCode: 0,
			stdout: "a.txt\nb.bin\ndocs/\ndocs/c.md\ndocs/ü.md\nlink\n",
			stderr: expect.stringMatching(/^6 entries, 9\.97 KiB, compressed to [\d.]+ B\n$/),
		});
	});

	it("shows mode, size, compression and time with -l", async () => {
		expect(await listed("-l", "a.zip", "a.txt", "docs/", "link")).toEqual([
			expect.stringMatching(/^-rw-r--r-- {2}9\.77 KiB {3}99% {2}2026-02-03 04:05:06 {2}a\.txt$/),
			expect.stringMatching(/^drwxr-xr-x {7}0 B {4}0% {2}2026-02-03 04:05:06 {2}docs\/$/),
			expect.stringMatching(/ docs\/c\.md$/),
			expect.stringMatching(/ docs\/ü\.md$/),
			expect.stringMatching(/^lrwxrwxrwx {7}5 B {4}0% .* link$/),
		]);
		expect(await listed("-l", "--exact", "a.zip", "a.txt")).toEqual([expect.stringContaining("   10000  ")]);
	});

	it("lists what a pattern matches, and says how much of the archive that is", async () => {
		expect(await ls("a.zip", "*.md", "!c.md")).toMatchObject({
			stdout: "docs/ü.md\n",
			stderr: "1 of 6 entries, 0 B, compressed to 0 B\n",
		});
	});

	it("fails with 4 if a pattern matches nothing", async () => {
		const outcome = await ls("a.zip", "*.md", "nope/");
		expect(outcome).toMatchObject({ exitCode: 4, stdout: "docs/c.md\ndocs/ü.md\n" });
		expect(errorLine(outcome)).toBe('a.zip: has no entry that one of the patterns, "nope/" matches');
	});

	it("sorts by name, size and time, and turns the order round", async () => {
		expect(await listed("a.zip", "--sort", "size", "*.*")).toEqual([
			"a.txt",
			"docs/c.md",
			"b.bin",
			"docs/ü.md",
		]);
		expect(await listed("a.zip", "--reverse", "--sort", "name")).toEqual([
			"link",
			"docs/ü.md",
			"docs/c.md",
			"docs/",
			"b.bin",
			"a.txt",
		]);
	});

	it("prints a line of JSON for each entry with --json", async () => {
		const { stdout, stderr } = await ls("--json", "a.zip");
		const entries = stdout
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line));
		expect(stderr).toBe("");
		expect(entries.map(({ name }) => name)).toEqual([
			"a.txt",
			"b.bin",
			"docs/",
			"docs/c.md",
			"docs/ü.md",
			"link",
		]);
		expect(entries[0]).toEqual({
			name: "a.txt",
			kind: "file",
			uncompressedSize: 10_000,
			compressedSize: expect.any(Number),
			method: 8,
			crc32: expect.any(Number),
			mtime: "2026-02-03T04:05:06.000Z",
			mode: 0o644,
			offset: 0,
		});
	});

	it("shows names that are no text, or would change a terminal, as what they are", async () => {
		const name = Buffer.from("\u001b[31mr\xfc", "latin1");
		await writeFile(directory.path("b.zip"), handMadeArchive([{ name }]));
		expect((await ls("b.zip")).stdout).toMatch(/^\\x1b\[31mr.\n$/u);
		const entry = JSON.parse((await ls("--json", "b.zip")).stdout);
		expect(Buffer.from(entry.rawName, "base64")).toEqual(name);
	});

	it("reads an object with one request if its directory is small", async () => {
		await run(["upload", "src", `s3://${BUCKET}/a.zip`]);
		const before = server.s3.requests.length;
		expect(await listed(`s3://${BUCKET}/a.zip`)).toHaveLength(6);
		expect(server.s3.requests.slice(before).map(({ operation }) => operation)).toEqual(["GetObject"]);
	});

	it("shows each request with --debug", async () => {
		await run(["upload", "src", `s3://${BUCKET}/a.zip`]);
		expect((await ls("--debug", "-q", `s3://${BUCKET}/a.zip`)).stderr).toMatch(
			/^debug: GetObject: status 206, [\d,]+ bytes received, \d+ ms, attempt 1, request \S+\n$/,
		);
	});

	it.each([
		["a file that is not there", "nope.zip", 4, /^nope\.zip does not exist$/],
		["an object that is not there", `s3://${BUCKET}/nope.zip`, 4, /^s3:\/\/demo\/nope\.zip does not exist/],
		["a bucket that is not there", "s3://no-bucket/a.zip", 5, /^the bucket "no-bucket" does not exist/],
		["a file that is no archive", "src/a.txt", 7, /^src\/a\.txt: is no ZIP archive/],
		["a directory", "src", 4, /^src is a directory/],
		["nothing", "", 2, /empty/],
	])("fails for %s", async (_what, location, exitCode, message) => {
		const outcome = await ls(location);
		expect(outcome).toMatchObject({ exitCode, stdout: "" });
		expect(errorLine(outcome)).toMatch(message);
	});

	it("ends quietly when nobody reads on, and with 10 on a full disk", async () => {
		const env = { ...server.env, TZ: "UTC" };
		const cwd = directory.path();
		expect(await shell("zipferry ls -q a.zip | head -1; exit 0", { env, cwd })).toMatchObject({
			stdout: "a.txt\n",
			stderr: "",
		});
		expect(await shell("zipferry ls a.zip > /dev/full", { env, cwd })).toMatchObject({ exitCode: 10 });
	});
});
