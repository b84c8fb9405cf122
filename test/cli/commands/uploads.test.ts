import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FaultHook } from "../../../localstack/strict-s3/local-s3.ts";
import { BUCKET } from "../../support/demo-server.ts";
import { AgedServer, DAY_MS } from "../../support/incomplete-uploads.ts";
import { stopPrograms } from "../../support/program.ts";
import { errorLine, startZipferry, zipferry } from "../zipferry.ts";

let server: AgedServer;
let fault: FaultHook;
beforeEach(async () => {
	fault = () => undefined;
	server = await AgedServer.start({ onRequest: (request) => fault(request) });
});
afterEach(async () => {
	await stopPrograms();
	await server.demo.close();
});

const uploads = (...args: readonly string[]) => zipferry(["uploads", ...args], { env: server.demo.env });
const refusal = { status: 403, code: "AccessDenied", message: "not you" } as const;

describe("zipferry uploads", () => {
	it("lists key, id, age, size and parts of what is under the prefix, as a table", async () => {
		const old = await server.begin("backups/a.zip", 3.5 * DAY_MS, [1024 * 1024, 512 * 1024]);
		const fresh = await server.begin("backups/b.zip");
		await server.begin("elsewhere.zip", DAY_MS);
		const { exitCode, stdout, stderr } = await uploads(`s3://${BUCKET}/backups/`);
		expect(exitCode).toBe(0);
		const [head, ...rows] = stdout.trimEnd().split("\n");
		expect(head?.split(/\s{2,}/)).toEqual(["AGE", "IDLE", "SIZE", "PARTS", "RESUME", "KEY", "UPLOAD ID"]);
		expect(rows.map((row) => row.split(/\s{2,}/))).toEqual([
			["3 d", "3 d", "1.50 MiB", "2", "yes", "backups/a.zip", old],
			[
				expect.stringMatching(/^\d s$/),
				expect.stringMatching(/^\d s$/),
				"0 B",
				"0",
				"no",
				"backups/b.zip",
				fresh,
			],
		]);
		expect(stderr).toBe("2 incomplete uploads under s3://demo/backups/, 1.50 MiB\n");
	});

	it.each([`s3://${BUCKET}`, `s3://${BUCKET}/`, `s3://${BUCKET}/a`])("takes %s", async (url) => {
		await server.begin("a.zip");
		expect((await uploads(url)).stdout).toContain("a.zip");
	});

	it("says so if there are none", async () => {
		expect(await uploads(`s3://${BUCKET}/a/`)).toMatchObject({
			exitCode: 0,
			stdout: "",
			stderr: "no incomplete uploads under s3://demo/a/\n",
		});
	});

	it("prints one line of JSON with --json", async () => {
		const uploadId = await server.begin("ü +&.zip", DAY_MS, [10]);
		const { stdout, stderr } = await uploads(`s3://${BUCKET}`, "--json");
		expect(stderr).toBe("");
		expect(stdout).toMatch(/^[^\n]+\n$/);
		const { uploads: rows, ...address } = JSON.parse(stdout);
		expect(address).toEqual({ bucket: BUCKET, prefix: "" });
		expect(rows).toEqual([
			{
				key: "ü +&.zip",
				uploadId,
				initiated: expect.stringMatching(/^\d{4}-/),
				ageMs: expect.any(Number),
				idleMs: expect.any(Number),
				size: 10,
				partCount: 1,
				resumable: true,
			},
		]);
		expect(Math.abs(rows[0].ageMs - DAY_MS)).toBeLessThan(10_000);
	});

	it("shows names that nobody vouches for escaped", async () => {
		await server.begin("evil\u001b[2J\u202e.zip");
		expect((await uploads(`s3://${BUCKET}`)).stdout).toContain("evil\\x1b[2J\\u{202e}.zip");
	});

	it("shows which one of a key --resume goes on with: the newest that holds parts", async () => {
		await server.begin("a.zip", 3 * DAY_MS, [10]);
		const newest = await server.begin("a.zip", 2 * DAY_MS, [10]);
		await server.begin("a.zip", DAY_MS);
		const { stdout } = await uploads(`s3://${BUCKET}`, "--json");
		const { uploads: rows } = JSON.parse(stdout) as { uploads: { uploadId: string; resumable: boolean }[] };
		expect(rows).toHaveLength(3);
		expect(rows.filter(({ resumable }) => resumable).map(({ uploadId }) => uploadId)).toEqual([newest]);
	});

	it("shows one upload only if its id is given", async () => {
		await server.begin("a.zip", DAY_MS, [10]);
		const wanted = await server.begin("a.zip", 0, [10]);
		const { stdout, stderr } = await uploads(`s3://${BUCKET}`, "--upload-id", wanted);
		expect(
			stdout
				.trimEnd()
				.split("\n")
				.slice(1)
				.map((line) => line.split(/\s+/).at(-1)),
		).toEqual([wanted]);
		expect(stderr).toMatch(/^1 incomplete upload under/);
	});

	it("knows no sizes where listing parts is not permitted", async () => {
		fault = ({ operation }) => (operation === "ListParts" ? refusal : undefined);
		await server.begin("a.zip", DAY_MS, [10]);
		const { exitCode, stdout } = await uploads(`s3://${BUCKET}`);
		expect(exitCode).toBe(0);
		expect(stdout).toMatch(/\?\s+\?\s+\?\s+a\.zip/);
	});

	it.each([
		["no address", [], /^<s3-url> is needed: zipferry uploads s3:/],
		[
			"two addresses",
			["s3://demo/a", "s3://demo/b"],
			/^"s3:\/\/demo\/b" is one too many, only <s3-url> is needed/,
		],
		["no S3 address", ["demo"], /is not an address like s3:/],
		["a bucket name nobody can have", ["s3://de mo"], /^the bucket must be 3 to 255 letters/],
		["a dry run of nothing", ["s3://demo", "--dry-run"], /^--dry-run does nothing without --abort$/],
		[
			"an age that nothing depends on",
			["s3://demo", "--older-than", "3d"],
			/^--older-than does nothing without --abort$/,
		],
		[
			"a time that is none",
			["s3://demo", "--abort", "--older-than", "old"],
			/^--older-than is a time such as/,
		],
		[
			"an option of another command",
			["s3://demo", "--part-size", "5M"],
			/^--part-size is an option of upload, append, merge, remove, backup, shards plan and submit, not of uploads$/,
		],
	])("exits with 2 for %s", async (_, args, message) => {
		const outcome = await uploads(...args);
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toMatch(message);
	});

	it.each([[], ["--abort"], ["--abort", "--dry-run"]])(
		"exits with 5 if there is no upload of the id that is given: %j",
		async (...args) => {
			await server.begin("a.zip");
			const outcome = await uploads(`s3://${BUCKET}/a`, "--upload-id", "foo", "--json", ...args);
			expect(outcome.exitCode).toBe(5);
			expect(errorLine(outcome)).toBe('there is no incomplete upload "foo" under s3://demo/a');
			expect(JSON.parse(outcome.stdout)).toMatchObject({ error: { code: "NO_SUCH_UPLOAD", exitCode: 5 } });
		},
	);

	it("exits with 5 where listing is not permitted", async () => {
		fault = ({ operation }) => (operation === "ListMultipartUploads" ? refusal : undefined);
		const outcome = await uploads(`s3://${BUCKET}`);
		expect(outcome.exitCode).toBe(5);
		expect(errorLine(outcome)).toMatch(/^ListMultipartUploads of the bucket demo was refused: AccessDenied/);
	});
});

describe("zipferry uploads --abort", () => {
	it("removes what is older than a day, under the prefix only, and reports each", async () => {
		const old = await server.begin("backups/old.zip", 2 * DAY_MS, [10]);
		await server.begin("backups/young.zip", DAY_MS / 2);
		await server.begin("other.zip", 9 * DAY_MS);
		const { exitCode, stdout, stderr } = await uploads("--abort", `s3://${BUCKET}/backups/`);
		expect(exitCode).toBe(0);
		expect(stdout).toMatch(new RegExp(`^removed .*backups/old.zip +${old}$`, "m"));
		expect(stdout).toMatch(/^kept .*backups\/young.zip/m);
		expect(stderr).toBe(
			"2 incomplete uploads under s3://demo/backups/, 10 B: 1 removed, 1 kept (idle for less than 1d; see --older-than)\n",
		);
		expect(await server.demo.incompleteUploads()).toEqual(["backups/young.zip", "other.zip"]);
	});

	it("keeps an old one that a part came into since: it is still running", async () => {
		const id = await server.begin("long.zip", 3.5 * DAY_MS, [10]);
		await server.touch("long.zip", id);
		const { stdout } = await uploads("--abort", `s3://${BUCKET}`);
		expect(stdout).toMatch(/^kept +3 d +\d s/m);
		expect(await server.demo.incompleteUploads()).toEqual(["long.zip"]);
	});

	it("removes the one whose id is given, however young", async () => {
		await server.begin("a.zip", 2 * DAY_MS, [10]);
		const wanted = await server.begin("b.zip", 0, [10]);
		const { exitCode, stdout } = await uploads("--abort", "--upload-id", wanted, `s3://${BUCKET}`);
		expect(exitCode).toBe(0);
		expect(stdout).toMatch(/^removed .*b\.zip/m);
		expect(await server.demo.incompleteUploads()).toEqual(["a.zip"]);
	});

	it("takes another age", async () => {
		await server.begin("a.zip", 3 * 3_600_000);
		expect((await uploads("--abort", "--older-than", "4h", `s3://${BUCKET}`)).stdout).toMatch(/^kept/m);
		expect((await uploads("--abort", "--older-than", "2h", `s3://${BUCKET}`)).stdout).toMatch(/^removed/m);
		expect(await server.demo.incompleteUploads()).toEqual([]);
	});

	it("removes nothing with --dry-run, and says what it would", async () => {
		await server.begin("a.zip", 2 * DAY_MS);
		const { exitCode, stdout, stderr } = await uploads("--abort", "--dry-run", `s3://${BUCKET}`);
		expect(exitCode).toBe(0);
		expect(stdout).toMatch(/^would be removed/m);
		expect(stderr).toMatch(/: 1 would be removed\n$/);
		expect(server.demo.s3.requests.map(({ operation }) => operation)).not.toContain("AbortMultipartUpload");
	});

	it("goes on behind one that is refused, names it, and exits with 5", async () => {
		const stays = await server.begin("a.zip", 2 * DAY_MS);
		await server.begin("b.zip", 2 * DAY_MS);
		fault = ({ operation, key }) =>
			operation === "AbortMultipartUpload" && key === "a.zip" ? refusal : undefined;
		const outcome = await uploads("--abort", `s3://${BUCKET}`);
		expect(outcome.exitCode).toBe(5);
		expect(outcome.stdout).toMatch(/^FAILED .*a\.zip/m);
		expect(outcome.stdout).toMatch(/^removed .*b\.zip/m);
		expect(outcome.stderr).toMatch(
			new RegExp(
				`^zipferry: AbortMultipartUpload of s3://demo/a.zip was refused: AccessDenied.*; upload ${stays} is still there$`,
				"m",
			),
		);
		expect(await server.demo.incompleteUploads()).toEqual(["a.zip"]);
		const { stdout } = await uploads("--abort", "--json", `s3://${BUCKET}`);
		expect(JSON.parse(stdout).uploads).toMatchObject([
			{
				key: "a.zip",
				outcome: "failed",
				error: { code: "STORAGE_REFUSED", message: expect.stringMatching(/AccessDenied/), exitCode: 5 },
			},
		]);
	});

	it.each(["ListMultipartUploads", "ListParts", "AbortMultipartUpload"])(
		"that is stopped at %s exits with 130 and says what it did not undo",
		async (stoppedAt) => {
			await server.begin("a.zip", 2 * DAY_MS);
			let reach = () => {};
			const reached = new Promise<void>((resolve) => {
				reach = resolve;
			});
			fault = ({ operation }) => {
				if (operation !== stoppedAt) return undefined;
				reach();
				return { hang: true };
			};
			const program = startZipferry(["uploads", "--abort", `s3://${BUCKET}`], { env: server.demo.env });
			await reached;
			program.kill("SIGINT");
			const outcome = await program.ended;
			expect(outcome.exitCode).toBe(130);
			expect(errorLine(outcome)).toBe(
				"stopped by SIGINT; uploads that were removed before that stay removed",
			);
		},
	);
});
