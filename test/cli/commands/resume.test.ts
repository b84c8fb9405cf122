import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Fault, FaultRequest } from "../../../localstack/strict-s3/local-s3.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { FaultSwitch } from "../../support/fault-switch.ts";
import { stopPrograms } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { errorLine, startZipferry, zipferry } from "../zipferry.ts";

const URL = `s3://${BUCKET}/k.zip`;

const directory = useTempDirectory();
let server: DemoServer;
let faults: FaultSwitch;
beforeEach(async () => {
	faults = new FaultSwitch();
	server = await DemoServer.start({ onRequest: faults.onRequest });
	await directory.write({ noise: randomBytes(18 * 1024 * 1024) });
});
afterEach(async () => {
	await stopPrograms();
	await server.close();
});

/** One part at a time, and the third is the one that meets the fault. */
const ARGS = ["--part-size", "5M", "--concurrency", "1", "--retry-time", "0s"];

const upload = (...more: readonly string[]) =>
	zipferry(["upload", directory.path("noise"), URL, ...ARGS, ...more], { env: server.env });
const third = (answer: Fault) => (request: FaultRequest) =>
	request.operation === "UploadPart" && request.partNumber === 3 ? answer : undefined;
const refusal: Fault = { status: 403, code: "AccessDenied", message: "not now" };

async function interrupt(...more: readonly string[]) {
	faults.next = third(refusal);
	const outcome = await upload("--resume", "--quiet", ...more);
	faults.next = () => undefined;
	return outcome;
}

describe("zipferry upload --resume", () => {
	it("that fails says in one line what is kept, and how to resume it or to remove it", async () => {
		const outcome = await interrupt();
		expect(outcome.exitCode).toBe(5);
		expect(errorLine(outcome)).toMatch(
			/^UploadPart of s3:\/\/demo\/k.zip was refused: .*; the incomplete upload (\S+) keeps 2 parts \(10\.0 MiB\): the same command with --resume resumes it, zipferry uploads --abort --upload-id \1 s3:\/\/demo\/k.zip removes it$/,
		);
		expect(await server.incompleteUploads()).toEqual(["k.zip"]);
	});

	it("resumes it, and tells what came from before", async () => {
		await interrupt();
		const { exitCode, stderr } = await upload("--resume");
		expect(exitCode).toBe(0);
		const [begin, end] = stderr.trimEnd().split("\n");
		expect(begin).toMatch(
			/^resuming upload \S+, started \d+ s ago: it holds 2 parts \(10\.0 MiB\); parts that differ are sent again$/,
		);
		expect(end).toMatch(
			/^s3:\/\/demo\/k.zip: 1 entry, 18\.0 MiB in 0:\d\d, 4 parts, 2 of them \(10\.0 MiB\) from an earlier run, md5/,
		);
		expect(await server.incompleteUploads()).toEqual([]);
	});

	it("says at its beginning that it can be resumed", async () => {
		const { stderr } = await upload("--resume");
		expect(stderr).toMatch(/^started upload \S+; if this run is stopped, the same command resumes it\n/);
	});

	it.each([
		["SIGINT", 130],
		["SIGTERM", 143],
		["SIGHUP", 129],
	] as const)("that %s stops exits with %d and keeps its parts", async (signal, exitCode) => {
		faults.next = third({ hang: true });
		const args = ["upload", directory.path("noise"), URL, ...ARGS, "--resume", "--json", "--no-progress"];
		const program = startZipferry(args, { env: server.env });
		await faults.reached;
		program.kill(signal);
		const outcome = await program.ended;
		expect(outcome.exitCode).toBe(exitCode);
		expect(errorLine(outcome)).toMatch(
			new RegExp(`^stopped by ${signal}; nothing was published; the incomplete upload \\S+ keeps 2 parts`),
		);
		expect(JSON.parse(outcome.stdout)).toEqual({
			error: {
				code: "INTERRUPTED",
				exitCode,
				message: expect.any(String),
				incompleteUpload: { uploadId: expect.any(String), partCount: 2, size: 10 * 1024 * 1024 },
			},
		});
		faults.next = () => undefined;
		const { stdout } = await upload("--resume", "--json");
		expect(JSON.parse(stdout)).toMatchObject({
			partCount: 4,
			resumedPartCount: 2,
			resumedSize: 10 * 1024 * 1024,
		});
	});

	it("is what the command it names removes", async () => {
		const command = /zipferry (uploads --abort .*) removes it/.exec((await interrupt()).stderr)?.[1] ?? "";
		expect(await zipferry(command.split(" "), { env: server.env })).toMatchObject({ exitCode: 0 });
		expect(await server.incompleteUploads()).toEqual([]);
	});

	it("leaves nothing behind without it, as ever", async () => {
		faults.next = third(refusal);
		const outcome = await upload("--quiet");
		expect(errorLine(outcome)).not.toContain("incomplete");
		expect(await server.incompleteUploads()).toEqual([]);
	});

	it("is not for the other transport", async () => {
		const outcome = await upload("--resume", "--transport", "lib-storage");
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toBe(
			'--transport "lib-storage" cannot resume; leave out --transport or --resume',
		);
	});
});

describe("zipferry upload --expected-size, --bwlimit", () => {
	it("take what they are made for", async () => {
		const outcome = await upload("--quiet", "--expected-size", "1T", "--bwlimit", "23:59,off");
		expect(outcome).toMatchObject({ exitCode: 0, stderr: "" });
		expect(await upload("--quiet", "--bwlimit", "50000000")).toMatchObject({ exitCode: 0, stderr: "" });
	});

	it.each([
		["--expected-size", "much", /^--expected-size is a size such as/],
		[
			"--expected-size",
			"9000T",
			/^--expected-size must be a whole number of bytes from 1 to 9,007,199,254,740,991, not "9000T"$/,
		],
		["--bwlimit", "10", /^--bwlimit "10" is 10 bytes, less than 1000 bytes; 10M is 10 MiB$/],
		["--bwlimit", "1B", /^--bwlimit must be at least 1,000 bytes per second, not "1B"$/],
	])("%s %s is wrong usage", async (option, value, message) => {
		const outcome = await upload(option, value);
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toMatch(message);
	});
});
