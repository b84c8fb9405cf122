import { mkdir, readdir, readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TEMPLATE, useArchiveBucket } from "../../../backup/archives/archive-bucket.ts";
import { stopPrograms } from "../../../support/program.ts";
import { useTempDirectory } from "../../../support/temp-directory.ts";
import { errorLine, zipferry } from "../../zipferry.ts";

const scratch = useTempDirectory();
const bucket = useArchiveBucket();
beforeEach(async () => {
	await mkdir(scratch.path("pages"));
	await bucket().addVerified("2026-11-24T03:00:00Z");
	await bucket().add("2026-11-25T03:00:00Z");
});
afterEach(stopPrograms);

function backups(...args: readonly string[]) {
	const { env } = bucket().server;
	return zipferry(["backups", ...args, TEMPLATE.text], { env, cwd: scratch.path("pages") });
}

describe("zipferry backups --html", () => {
	it("writes a page of all archives, what keeps them, and when they were verified, and no table", async () => {
		const { exitCode, stdout, stderr } = await backups("--html", "report.html", "--keep-daily", "7");
		expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
		expect(stderr).toMatch(/^2 archives of s3:/);
		expect(await readdir(scratch.path("pages"))).toEqual(["report.html"]);
		const page = await readFile(scratch.path("pages/report.html"), "utf8");
		expect(page).toContain(`<code>${TEMPLATE.text}</code>`);
		expect(page).toMatch(/2026-11-25 03:00<code>job\/.*>3<.*>daily</);
		expect(page).toMatch(/2026-11-24 03:00<code>job\/.*>structure, 2026-11-26</);
	});

	it("tells how long the run of an archive took", async () => {
		const { env } = bucket().server;
		const cwd = scratch.path("pages");
		await scratch.write({ "pages/photos/a.txt": "a" });
		const backup = await zipferry(["backup", "photos", TEMPLATE.text, "--quiet"], { env, cwd });
		expect(backup, backup.stderr).toMatchObject({ exitCode: 0 });
		const { stdout } = await backups("--html", "-", "--quiet");
		expect(stdout).toMatch(/<td role="cell" data-title="Took" class="number">\d[\d.]* m?s</);
	});

	it("replaces a page in one go, and leaves it as it is if the archives cannot be listed", async () => {
		await backups("--html", "report.html", "--quiet");
		const before = await readFile(scratch.path("pages/report.html"), "utf8");
		const { env } = bucket().server;
		const failed = await zipferry(
			["backups", "--html", "report.html", TEMPLATE.text.replace("demo", "no-such-bucket")],
			{ env, cwd: scratch.path("pages") },
		);
		expect(failed.exitCode).toBe(5);
		expect(await readFile(scratch.path("pages/report.html"), "utf8")).toBe(before);
		expect(await readdir(scratch.path("pages"))).toEqual(["report.html"]);
	});

	it("writes to stdout for -, which --json cannot share", async () => {
		const { exitCode, stdout } = await backups("--html", "-");
		expect(exitCode).toBe(0);
		expect(stdout).toMatch(/^<!doctype html>.*<\/html>\n$/s);
		expect(errorLine(await backups("--html", "-", "--json"))).toContain("cannot share stdout");
		const both = await backups("--html", "report.html", "--json");
		expect(JSON.parse(both.stdout)).toHaveLength(2);
		expect(await readdir(scratch.path("pages"))).toEqual(["report.html"]);
	});

	it("exits 4 if the page cannot be written", async () => {
		const outcome = await backups("--html", "no/such/report.html", "--debug");
		expect(outcome.exitCode).toBe(4);
		expect(outcome.stderr).toContain("no/such/report.html");
	});
});
