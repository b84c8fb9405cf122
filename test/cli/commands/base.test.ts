import { utimes } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { noise } from "../../support/bytes.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { FaultSwitch } from "../../support/fault-switch.ts";
import { stopPrograms } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { errorLine, startZipferry, zipferry } from "../zipferry.ts";

const MiB = 1024 * 1024;
const BASE = `s3://${BUCKET}/mon.zip`;
const TARGET = `s3://${BUCKET}/tue.zip`;

const directory = useTempDirectory();
let server: DemoServer;
let faults: FaultSwitch;
beforeEach(async () => {
	faults = new FaultSwitch();
	server = await DemoServer.start({ onRequest: faults.onRequest });
	await directory.write({ "tree/a": noise(6 * MiB, 1), "tree/b": "b", "tree/c": noise(7 * MiB, 2) });
	await touch();
});
afterEach(async () => {
	await stopPrograms();
	await server.close();
});

const environment = () => ({ ...server.env, ...server.storage, ZIPFERRY_METHOD: "store" });

/** The files have just been written, in seconds in which they may have been read as well: see --ignore-ctime. */
const upload = (target: string, ...more: readonly string[]) =>
	zipferry(["upload", directory.path("tree"), target, ...more], { env: environment() });
const onto = (...more: readonly string[]) => ontoBase(BASE, ...more);
const ontoBase = (base: string, ...more: readonly string[]) =>
	upload(TARGET, "--base", base, "--ignore-ctime", ...more);

/** Their times stay the same from then on, and those of their attributes are new. */
async function touch() {
	for (const name of ["a", "b", "c"]) await utimes(directory.path(`tree/${name}`), 1e9, 1e9);
}

async function change() {
	await directory.write({ "tree/b": "other", "tree/d": "new" });
	await utimes(directory.path("tree/d"), 1e9, 1e9);
}

describe("zipferry upload --base", () => {
	beforeEach(async () => {
		expect(await upload(BASE, "--quiet")).toMatchObject({ exitCode: 0, stderr: "" });
	});

	it("says how many entries and bytes were copied, and how many bytes were sent", async () => {
		await change();
		const { exitCode, stderr } = await onto();
		expect(exitCode).toBe(0);
		expect(stderr).toMatch(
			/^s3:\/\/demo\/tue.zip: 4 entries, 13\.0 MiB in 0:\d\d, 3 parts, copied 2 entries \(13\.0 MiB\), sent \d{3} B, structure verified\n$/,
		);
	});

	it("says it in JSON", async () => {
		await change();
		const { stdout } = await onto("--json", "--quiet");
		const result = JSON.parse(stdout) as Record<string, number>;
		expect(result).toMatchObject({ base: BASE, entryCount: 4, copiedEntryCount: 2 });
		expect(result["copiedSize"]).toBeGreaterThan(13 * MiB);
		expect((result["size"] ?? 0) - (result["copiedSize"] ?? 0)).toBeLessThan(1024);
		expect(result).not.toHaveProperty("md5");
	});

	it("lists with --verbose what is not copied, and why", async () => {
		await change();
		const { stderr } = await onto("--verbose");
		expect(stderr.split("\n").filter((line) => line.startsWith("not copied"))).toEqual([
			"not copied b: its size has changed",
			"not copied d: not in the base",
		]);
		expect(stderr.split("\n").filter((line) => /^(added|copied) /.test(line))).toEqual([
			"copied a (6.00 MiB, stored)",
			"copied c (7.00 MiB, stored)",
			"added b (5 B, stored)",
			"added d (3 B, stored)",
		]);
	});

	it("says if much is sent again only because it is short, and that --join-runs changes that", async () => {
		await directory.write({ "tree/e": noise(3 * MiB, 8) });
		await utimes(directory.path("tree/e"), 1e9, 1e9);
		await directory.write({ "tree/d": "between" });
		await utimes(directory.path("tree/d"), 1e9, 1e9);
		const base = `s3://${BUCKET}/with-short.zip`;
		await upload(base, "--quiet");
		await directory.write({ "tree/d": "changed between" });
		await utimes(directory.path("tree/d"), 1e9, 1e9);
		const plain = await ontoBase(base);
		expect(plain.stderr).toMatch(
			/^3\.00 MiB that have not changed are sent again, .*; --join-runs .*\n.*, sent 3\.00 MiB, /,
		);
		expect((await ontoBase(base, "--quiet")).stderr).toBe("");
		const planned = await ontoBase(base, "--join-runs", "--dry-run");
		expect(planned.stdout).toMatch(/^copied +4 entries, .* in 2 parts, 1 short run joined for that$/m);
		const joined = await ontoBase(base, "--join-runs");
		expect(joined.stderr).toMatch(/^s3:.*, copied 4 entries \(16\.0 MiB\), sent \d{3} B, /);
		expect((await server.keys()).filter((key) => key.includes(".zipferry-"))).toEqual([]);
	});

	it("that is killed is resumed by the same command, to the same bytes", async () => {
		await directory.write({ "tree/m": noise(12 * MiB, 5) });
		await utimes(directory.path("tree/m"), 1e9, 1e9);
		faults.next = ({ operation, partNumber }) =>
			operation === "UploadPart" && partNumber === 4 ? { hang: true } : undefined;
		const args = ["upload", directory.path("tree"), TARGET, "--base", BASE, "--ignore-ctime", "--resume"];
		const parts = ["--part-size", "5M", "--concurrency", "1"];
		const program = startZipferry([...args, ...parts], { env: environment() });
		await faults.reached;
		program.kill("SIGKILL");
		await program.ended;
		faults.next = () => undefined;
		expect(await server.keys()).toEqual(["mon.zip"]);
		const { exitCode, stderr } = await zipferry([...args, ...parts], { env: environment() });
		expect(exitCode).toBe(0);
		expect(stderr).toMatch(
			/, 4 parts, 2 of them \(10\.0 MiB\) from an earlier run, copied 3 entries \(13\.0 MiB\), sent 2\.00 MiB/,
		);
		const resumed = (await server.get("tue.zip")).bytes;
		await upload(`s3://${BUCKET}/wed.zip`, "--base", BASE, "--ignore-ctime", "--quiet", ...parts);
		expect((await server.get("wed.zip")).bytes.equals(resumed)).toBe(true);
		expect(await server.incompleteUploads()).toEqual([]);
	});

	it("says so if nothing could be copied", async () => {
		await touch();
		const { exitCode, stderr } = await upload(TARGET, "--base", BASE);
		expect(exitCode).toBe(0);
		expect(stderr).toMatch(/, nothing copied \(--verbose says why\), md5 [0-9a-f]{32}\n$/);
	});

	it("shows with --dry-run what would be copied and sent, and changes nothing", async () => {
		await change();
		const before = server.s3.requests.length;
		const { exitCode, stdout, stderr } = await onto("--dry-run", "--verbose");
		expect(exitCode).toBe(0);
		expect(stdout).toMatch(
			/^base {8}s3:\/\/demo\/mon.zip\ncopied {6}2 entries, 13\.0 MiB in 2 parts\nsent {8}2 entries, at most [\d.]+ (B|KiB)$/m,
		);
		expect(stdout).toMatch(/^parts {7}at most 3$/m);
		for (const line of stdout.trimEnd().split("\n")) expect(line.length).toBeLessThanOrEqual(80);
		expect(stderr).toContain("not copied b: its size has changed\n");
		const operations = server.s3.requests.slice(before).map(({ operation }) => operation);
		expect(operations.filter((name) => name !== "HeadObject" && name !== "GetObject")).toEqual([]);
		const json = JSON.parse((await onto("--dry-run", "--json")).stdout) as object;
		expect(json).toMatchObject({ base: BASE, copiedEntryCount: 2, copiedPartCount: 2, maxPartCount: 3 });
		expect(await server.keys()).toEqual(["mon.zip"]);
	});

	it.each([
		["does not exist", `s3://${BUCKET}/sun.zip`, []],
		[
			"was made with method store and level 6, and this archive with deflate and 6",
			BASE,
			["--method", "deflate"],
		],
		["cannot be copied from, as provider r2 takes parts of one size only", BASE, ["--provider", "r2"]],
	] as const)("that %s says so in one line, and sends all", async (why, base, more) => {
		const { exitCode, stdout, stderr } = await ontoBase(base, "--json", "--quiet", ...more);
		expect(stderr).toBe(`warning: the base ${base} ${why}; all of the archive is made and sent\n`);
		expect(exitCode).toBe(0);
		const result = JSON.parse(stdout) as object;
		expect(result).toMatchObject({
			copiedEntryCount: 0,
			copiedSize: 0,
			warnings: [{ code: "BASE_NOT_USED" }],
		});
		expect(result).not.toHaveProperty("base");
	});

	it("that another program has uploaded says so in one line, and sends all", async () => {
		await server.put("mon.zip", (await server.get("mon.zip")).bytes);
		const { exitCode, stderr } = await onto("--quiet");
		expect(exitCode).toBe(0);
		expect(stderr).toBe(
			`warning: the base ${BASE} was not uploaded by zipferry; all of the archive is made and sent\n`,
		);
	});

	it("reads the files and compares their content with --base-check content", async () => {
		await directory.write({ "tree/c": noise(7 * MiB, 3) });
		await utimes(directory.path("tree/c"), 1e9, 1e9);
		const byTimes = JSON.parse((await onto("--json", "--quiet")).stdout) as object;
		expect(byTimes).toMatchObject({ copiedEntryCount: 3 });
		const byContent = JSON.parse(
			(await onto("--json", "--quiet", "--base-check", "content")).stdout,
		) as object;
		expect(byContent).toMatchObject({ copiedEntryCount: 2 });
	});

	it.each([
		[
			["--base", "mon.zip"],
			'--base must be an address such as "s3://my-bucket/backups/photos.zip", not "mon.zip"',
		],
		[
			["--base", `s3://${BUCKET}`],
			`--base must be an address such as "s3://my-bucket/backups/photos.zip", not "s3://${BUCKET}"`,
		],
		[["--base", ""], "--base is empty; is a variable unset?"],
		[["--base-version", "x"], "--base-version does nothing without --base"],
		[["--base", BASE, "--verify-sample", "0"], '--verify-sample is a share such as 5% or 0.05, not "0"'],
		[["--base", BASE, "--base-check", "size"], '--base-check is one of "mtime", "content", not "size"'],
		[
			["--base", BASE, "--transport", "lib-storage"],
			'--transport "lib-storage" cannot copy from a base; leave out --transport or --base',
		],
	])("refuses %j", async (more, message) => {
		const outcome = await upload(TARGET, ...more);
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toBe(message);
	});
});
