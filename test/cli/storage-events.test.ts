import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FaultHook } from "../../localstack/strict-s3/local-s3.ts";
import { BUCKET, DemoServer } from "../support/demo-server.ts";
import { startPlainServer } from "../support/plain-server.ts";
import { stopPrograms } from "../support/program.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { errorLine, startZipferry, zipferry } from "./zipferry.ts";

const directory = useTempDirectory();
let server: DemoServer;
let fault: FaultHook;
beforeEach(async () => {
	fault = () => undefined;
	server = await DemoServer.start({ onRequest: (request) => fault(request) });
	await directory.write({ "src/a.txt": "alpha" });
});
afterEach(async () => {
	await stopPrograms();
	await server.close();
});

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
	zipferry(args, { env: { ...server.env, ...env }, cwd: directory.path() });

/** Nobody listens there. */
const NOWHERE = { AWS_ENDPOINT_URL_S3: "http://127.0.0.1:1" };

describe("--debug", () => {
	it("has a line for each request, and for each repetition", async () => {
		let failed = false;
		fault = ({ operation }) => {
			if (operation !== "PutObject" || failed) return undefined;
			failed = true;
			return { status: 503, code: "SlowDown", message: "later" };
		};
		const { exitCode, stderr } = await run(["upload", "src", `s3://${BUCKET}/a.zip`, "--debug", "-q"]);
		expect(exitCode).toBe(0);
		const lines = stderr.trimEnd().split("\n");
		expect(lines.filter((line) => !line.startsWith("debug: "))).toEqual([]);
		expect(lines).toEqual(
			expect.arrayContaining([
				expect.stringMatching(/^debug: HeadBucket: status 200, \d+ ms, attempt 1, request \w+$/),
				expect.stringMatching(
					/^debug: PutObject: status 503, SlowDown, \d+ bytes sent, .*, attempt 1, request/,
				),
				expect.stringMatching(/^debug: PutObject: status 200, \d+ bytes sent, \d+ ms, attempt 2, request/),
				expect.stringMatching(/^debug: HeadObject: status 200, /),
			]),
		);
	});

	it("names the part, in every command that asks the storage", async () => {
		for (const args of [
			["uploads", `s3://${BUCKET}`],
			["doctor", `s3://${BUCKET}`],
		]) {
			const { stderr } = await run([...args, "--debug", "-q"]);
			expect(stderr).toMatch(/^debug: ListMultipartUploads: status 200, [\d,]+ bytes received, /m);
			if (args[0] === "doctor") expect(stderr).toMatch(/^debug: UploadPart of part 1: status 200/m);
		}
	});

	it("is one line whatever the server calls the request", async () => {
		const evil = await startPlainServer((request, response) => {
			request.resume();
			response.setHeader("x-amz-request-id", `id\u009b31m, ${"x".repeat(4_000)}`);
			response.writeHead(403, { "content-type": "application/xml" });
			response.end(
				request.method === "HEAD" ? "" : "<Error><Code>No&#10;debug: PutObject: status 200</Code></Error>",
			);
		});
		try {
			const { stderr } = await run(["uploads", `s3://${BUCKET}`, "--debug"], {
				AWS_ENDPOINT_URL_S3: evil.url,
			});
			expect(stderr).not.toMatch(/^debug: PutObject/m);
			expect(stderr).not.toContain("\u009b");
			const lines = stderr.split("\n").filter((line) => line.startsWith("debug: "));
			expect(lines).toHaveLength(1);
			expect(lines[0]?.length).toBeLessThan(600);
		} finally {
			await evil.close();
		}
	});
});

describe("a storage that does not answer", () => {
	it.each([
		["uploads", ["uploads", `s3://${BUCKET}`]],
		["doctor", ["doctor", `s3://${BUCKET}`]],
	])("is told of at its first failure, not at its last: %s", async (_, args) => {
		const program = startZipferry([...args, "--retry-time", "1h"], {
			env: { ...server.env, ...NOWHERE },
		});
		await program.says(/^\w+ failed: ECONNREFUSED; retrying in \d\.\d s$/m);
		program.kill("SIGTERM");
		expect(await program.ended).toMatchObject({ exitCode: 143 });
	});

	it.each([
		["uploads", ["uploads", `s3://${BUCKET}`]],
		["uploads --abort", ["uploads", "--abort", `s3://${BUCKET}`]],
	])("is given up in the time of --retry-time, and --quiet says only that: %s", async (_, args) => {
		const outcome = await run([...args, "--retry-time", "0s", "--quiet"], NOWHERE);
		expect(outcome.exitCode).toBe(6);
		expect(errorLine(outcome)).toMatch(/^cannot reach the storage for the bucket demo: .*ECONNREFUSED/);
	});
});

describe("--quiet", () => {
	it("leaves the list of uploads, and what doctor has to complain of", async () => {
		const list = await run(["uploads", `s3://${BUCKET}`, "--quiet"]);
		expect(list).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
		const { exitCode, stdout, stderr } = await run(["doctor", `s3://${BUCKET}`, "--quiet"]);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		expect(stdout).toMatch(/^warn {2}lifecycle .*\n$/);
	});

	it("is silent about which credentials count", async () => {
		const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = server.env;
		await directory.write({
			credentials: `[work]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`,
		});
		const env = { AWS_PROFILE: "work", AWS_SHARED_CREDENTIALS_FILE: directory.path("credentials") };
		const notice = 'using the profile "work" of AWS_PROFILE, not AWS_ACCESS_KEY_ID\n';
		const loud = await run(["uploads", `s3://${BUCKET}`], env);
		expect(loud.stderr).toBe(`${notice}no incomplete uploads under s3://demo/\n`);
		expect((await run(["uploads", `s3://${BUCKET}`, "--quiet"], env)).stderr).toBe("");
	});
});
