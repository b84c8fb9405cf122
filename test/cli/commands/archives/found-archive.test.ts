import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { TEMPLATE, useArchiveBucket } from "../../../backup/archives/archive-bucket.ts";
import { useTempDirectory } from "../../../support/temp-directory.ts";
import { errorLine, zipferry } from "../../zipferry.ts";

const bucket = useArchiveBucket();
const directory = useTempDirectory();
const run = (...args: readonly string[]) =>
	zipferry([...args], { env: bucket().server.env, cwd: directory.path() });
const addTwo = async () => {
	await bucket().add("2026-10-01T03:00:00Z");
	await bucket().add("2026-10-02T03:00:00Z", { bytes: Buffer.from("no archive") });
};
const OLDER = "s3://demo/job/2026-10-01T03-00-00Z.zip";
const NEWER = "s3://demo/job/2026-10-02T03-00-00Z.zip";

describe("--latest and --at", () => {
	it("choose the archive that ls lists", async () => {
		await addTwo();
		expect(await run("ls", "--at", "2026-10-01", TEMPLATE.text)).toMatchObject({
			exitCode: 0,
			stdout: "a.txt\nb.txt\nc.txt\n",
			stderr: expect.stringMatching(new RegExp(`^${OLDER}\n3 entries`)),
		});
		const latest = await run("ls", "--latest", TEMPLATE.text);
		expect(latest.exitCode).toBe(7);
		expect(latest.stderr).toMatch(new RegExp(`^${NEWER}\nzipferry: ${NEWER}: is no ZIP archive`));
	});

	it("choose the archive that cat reads, without a word on stdout", async () => {
		await addTwo();
		expect(await run("cat", "-q", "--at", "2026-10-01", TEMPLATE.text, "b.txt")).toMatchObject({
			exitCode: 0,
			stdout: "b.txt",
			stderr: "",
		});
	});

	it("choose the archive that verify checks", async () => {
		await addTwo();
		const { exitCode, stdout } = await run("verify", "--json", "--at", "2026-10-01T12:00", TEMPLATE.text);
		expect(exitCode).toBe(0);
		expect(JSON.parse(stdout)).toMatchObject({ location: OLDER, ok: true });
		expect((await run("verify", "--latest", TEMPLATE.text)).exitCode).toBe(7);
	});

	it("choose the archive that extract restores", async () => {
		await addTwo();
		const { exitCode, stdout } = await run(
			"extract",
			"--json",
			"--at",
			"2026-10-01",
			TEMPLATE.text,
			"-C",
			"out",
		);
		expect(exitCode).toBe(0);
		expect(JSON.parse(stdout)).toMatchObject({ archive: OLDER, entryCount: 3 });
		expect((await readdir(directory.path("out"))).sort()).toEqual(["a.txt", "b.txt", "c.txt"]);
	});

	it("fail with 4 where there is no such archive, and name the oldest one", async () => {
		await addTwo();
		const outcome = await run("ls", "--at", "2026-09-30", TEMPLATE.text);
		expect(outcome.exitCode).toBe(4);
		expect(errorLine(outcome)).toBe(
			`there is no archive of that time of ${TEMPLATE.text}; the oldest one is ${OLDER}, the newest ${NEWER}`,
		);
		expect((await run("extract", "--latest", "s3://demo/other/%F.zip")).exitCode).toBe(4);
	});

	it("are asked for where there is a template without them", async () => {
		const outcome = await run("ls", TEMPLATE.text);
		expect(outcome.exitCode).toBe(4);
		expect(outcome.stderr).toMatch(
			/^for an archive of a template, add --latest, or --at with a day\nzipferry: /,
		);
	});

	it.each([
		[["--latest", "--at", "2026-10-01"], "give --latest or --at, not both"],
		[["--at", "yesterday"], /^--at must be a day such as 2026-10-01, .*, not "yesterday"$/],
		[["--latest", "--version-id", "x"], "--version-id is for one object; it cannot go with --latest"],
		[["--name", "photos"], "--name does nothing without --latest or --at"],
		[["--latest", "--time-zone", "Mars"], /^--time-zone must be the name of a time zone/],
	])("are refused as %j", async (args, message) => {
		const outcome = await run("ls", ...args, TEMPLATE.text);
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toMatch(message);
	});

	it("need a template", async () => {
		const outcome = await run("verify", "--latest", "s3://demo/photos.zip");
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toMatch(/^the template "s3:\/\/demo\/photos\.zip" has no date/);
	});
});
