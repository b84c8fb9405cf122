import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BUCKET, DemoServer } from "../support/demo-server.ts";
import type { Outcome } from "../support/program.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { errorLine, zipferry } from "./zipferry.ts";

const directory = useTempDirectory();
let server: DemoServer;
beforeAll(async () => {
	server = await DemoServer.start();
});
afterAll(() => server?.close());
beforeEach(() => directory.write({ "src/a.txt": "alpha", credentials: "", config: "" }));

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
	const files = {
		AWS_CONFIG_FILE: directory.path("config"),
		AWS_SHARED_CREDENTIALS_FILE: directory.path("credentials"),
	};
	return zipferry(args, { env: { ...server.env, ...files, ...env }, cwd: directory.path() });
}

const upload = (key = "a.zip") => ["upload", "src", `s3://${BUCKET}/${key}`, "-q"];

describe("a wrong region", () => {
	it.each([
		["upload", upload()],
		["uploads", ["uploads", `s3://${BUCKET}`]],
	])("is told with the right one, and nothing is unknown then: %s", async (_, args) => {
		const outcome = await run([...args, "--region", "eu-west-1"]);
		expect(outcome.exitCode).toBe(5);
		expect(errorLine(outcome)).toMatch(/the bucket is in another region.*; use --region us-east-1$/);
		expect(outcome.stderr).not.toMatch(/unknown|UnknownError/i);
	});
});

describe("a profile", () => {
	it("that does not exist is told with those that do, and exits with 2", async () => {
		await directory.write({ config: "[profile work]\nregion = x\n" });
		for (const args of [upload(), ["uploads", `s3://${BUCKET}`], ["doctor", `s3://${BUCKET}`]]) {
			const outcome = await run([...args, "--profile", "nope"]);
			expect(outcome.exitCode).toBe(2);
			expect(errorLine(outcome)).toMatch(/^the profile "nope" does not exist in .*; there is work$/);
		}
	});

	it("beside keys in the environment wins, of which the SDK says nothing", async () => {
		const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = server.env;
		const text = `[work]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`;
		await directory.write({ credentials: text });
		const env = { AWS_PROFILE: "work", AWS_ACCESS_KEY_ID: "another", AWS_SECRET_ACCESS_KEY: "another-one" };
		const quiet = { exitCode: 0, stderr: "" };
		expect(await run(upload(), { ...env })).toMatchObject(quiet);
		// Whatever that variable says: only "true" would keep the SDK from its notice about Node.
		const plain = { ...server.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "no" };
		const files = { AWS_SHARED_CREDENTIALS_FILE: directory.path("credentials") };
		const options = { env: { ...plain, ...files, ...env }, cwd: directory.path() };
		expect(await zipferry(upload(), options)).toMatchObject(quiet);
	});
});

describe("settings that cannot be used", () => {
	it.each([
		["FIPS with an endpoint", { AWS_USE_FIPS_ENDPOINT: "true" }, /cannot be combined with FIPS$/],
		["an unknown defaults mode", { AWS_DEFAULTS_MODE: "junk" }, /got junk$/],
		[
			"a secret with the end of its line",
			{ AWS_SECRET_ACCESS_KEY: "abcdefghij\r" },
			/^the secret access key has/,
		],
		["a key of two lines", { AWS_ACCESS_KEY_ID: "abc\ndef" }, /^the access key id has characters/],
		["a token with a space", { AWS_SESSION_TOKEN: "abcdefghij klm" }, /^the session token has characters/],
	])("exit with 2: %s", async (_, env, message) => {
		for (const args of [upload(), ["uploads", `s3://${BUCKET}`]]) {
			const outcome = await run(args, env);
			expect(outcome.exitCode).toBe(2);
			expect(errorLine(outcome)).toMatch(message);
		}
	});
});

describe("an error that nobody expects", () => {
	it("is printed like any other: in lines of the program, and without secrets", async () => {
		const text = `no ${server.env["AWS_SECRET_ACCESS_KEY"]}\nzipferry: done`;
		await directory.write({
			"throw.cjs": `setInterval(() => {
				if (process.listenerCount("uncaughtException") > 0) throw new Error(${JSON.stringify(text)});
			}, 100);`,
		});
		const env = {
			NODE_OPTIONS: `--require ${directory.path("throw.cjs")}`,
			AWS_ENDPOINT_URL_S3: "http://127.0.0.1:1",
		};
		const outcome = await run(["uploads", `s3://${BUCKET}`, "--retry-time", "1h", "-q"], env);
		expect(outcome.exitCode).toBe(1);
		expect(outcome.stderr).toMatch(
			/^zipferry: unexpected error, please report it: no \[secret\]\\x0azipferry: done\n {2}Error: /,
		);
		expect(outcome.stderr).not.toMatch(/^zipferry: done/m);
	});
});

describe("the name of a bucket", () => {
	it("that only old buckets have is sent to the storage, which decides", async () => {
		const outcome = await run(["upload", "src", "s3://My_Bucket/a.zip", "-q"]);
		expect(outcome.exitCode).toBe(5);
		expect(outcome.stderr).toMatch(
			/^warning: the bucket name "My_Bucket" is not one that new buckets can have: .*\nzipferry: the bucket "My_Bucket" does not exist there/,
		);
	});
});
