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
		const { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: _, ...plain } = server.env;
		const files = { AWS_SHARED_CREDENTIALS_FILE: directory.path("credentials") };
		const options = { env: { ...plain, ...files, ...env }, cwd: directory.path() };
		expect(await zipferry(upload(), options)).toMatchObject(quiet);
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
