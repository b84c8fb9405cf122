import type { RequestListener } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DemoServer } from "../support/demo-server.ts";
import { type PlainServer, startPlainServer } from "../support/plain-server.ts";
import type { Outcome } from "../support/program.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { zipferry } from "./zipferry.ts";

const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYzEXAMPLEKEY";
const TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE/+session-token==";

const directory = useTempDirectory();
let demo: DemoServer;
/** Puts the whole request into its error message, as debug pages do. */
let echo: PlainServer;
/** How it writes down what it repeats. */
let write = (text: string): string => text;
beforeAll(async () => {
	demo = await DemoServer.start();
	echo = await startPlainServer(echoing);
});
afterAll(async () => {
	await demo?.close();
	await echo?.close();
});
beforeEach(async () => {
	write = (text) => text;
	await directory.write({ "src/a.txt": "alpha" });
});

const echoing: RequestListener = ({ rawHeaders, method }, response) => {
	const text = rawHeaders.map((word, index) => (index % 2 === 0 ? `${word}: ` : `${word}; `)).join("");
	const escaped = write(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
	response.writeHead(403, { "content-type": "application/xml" });
	response.end(
		method === "HEAD" ? "" : `<Error><Code>AccessDenied</Code><Message>${escaped}</Message></Error>`,
	);
};

function expectNoSecrets({ stdout, stderr }: Outcome, ...more: readonly string[]): void {
	for (const output of [stdout, stderr]) {
		for (const secret of [SECRET, TOKEN, ...more]) {
			expect(output).not.toContain(secret);
			expect(output).not.toContain(encodeURIComponent(secret));
			expect(output).not.toContain(Buffer.from(secret).toString("base64"));
		}
		expect(output).not.toMatch(/Signature=(?!\[secret\])/);
		expect(output).not.toMatch(/Credential=(?!\[secret\])/);
		expect(output).not.toMatch(/(?<!sha256: )[0-9a-f]{64}/); // a signature
	}
}

const COMMANDS = [
	["upload", "src", "s3://demo/a.zip"],
	["uploads", "s3://demo"],
	["uploads", "--abort", "s3://demo/x"],
	["doctor", "s3://demo"],
].map((words) => ({ words, line: words.join(" ") }));

describe("secrets", () => {
	it.each(COMMANDS)("are in no output of $line, whatever the server repeats (E2)", async ({ words }) => {
		for (const options of [[], ["--debug"], ["--json"], ["--json", "--debug"]]) {
			const outcome = await zipferry([...words, ...options], {
				env: {
					...demo.env,
					AWS_ENDPOINT_URL_S3: echo.url,
					AWS_SECRET_ACCESS_KEY: SECRET,
					AWS_SESSION_TOKEN: TOKEN,
				},
				cwd: directory.path(),
			});
			expect(outcome.exitCode).toBe(5);
			expect(outcome.stdout + outcome.stderr).toContain("[secret]");
			expectNoSecrets(outcome);
			if (options.includes("--json")) JSON.parse(outcome.stdout);
		}
		expect(echo.requests.at(-1)?.headers["x-amz-security-token"]).toBe(TOKEN);
	});

	const asJson = (secret: string) => JSON.stringify({ secret }).replaceAll("/", "\\/");
	const inLines = (secret: string) => secret.replace(/.{9}/g, "$&\r\n");
	const base64 = (secret: string) => Buffer.from(`user:${secret}`).toString("base64");
	const lowerCase = (secret: string) =>
		encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase());
	/** Where credentials come from other than the environment. */
	const profiles: Readonly<Record<string, string>> = {
		"a profile": `aws_access_key_id = AKID\naws_secret_access_key = ${SECRET}\naws_session_token = ${TOKEN}`,
		"a process": "credential_process = cat answer.json",
	};

	describe.each(Object.keys(profiles))("that come from %s", (source) => {
		it.each<readonly [string, (secret: string) => string]>([
			["as it is", (secret) => secret],
			["URL-encoded", encodeURIComponent],
			["URL-encoded, in lower case", lowerCase],
			["as JSON that escapes slashes", asJson],
			["in base64, with a name", base64],
			["in lines", inLines],
			["where a message is cut", (secret) => `${"x".repeat(1000 - secret.length / 2)} ${secret}`],
			["where a message is cut, URL-encoded", (secret) => `${"x".repeat(985)} ${lowerCase(secret)}`],
		])("are in no output, though the server repeats them: %s", async (_how, encode) => {
			write = () => [SECRET, TOKEN].map((secret) => `(${encode(secret)})`).join(" and ");
			const answer = { Version: 1, AccessKeyId: "AKID", SecretAccessKey: SECRET, SessionToken: TOKEN };
			await directory.write({
				credentials: `[default]\n${profiles[source]}\n`,
				"answer.json": JSON.stringify(answer),
			});
			const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _secret, ...env } = demo.env;
			for (const options of [[], ["--debug", "--json"]]) {
				const outcome = await zipferry(["uploads", "s3://demo", ...options], {
					env: {
						...env,
						AWS_ENDPOINT_URL_S3: echo.url,
						AWS_SHARED_CREDENTIALS_FILE: directory.path("credentials"),
						AWS_CONFIG_FILE: directory.path("no-config"),
						PATH: process.env["PATH"] ?? "",
					},
					cwd: directory.path(),
				});
				expect(outcome.exitCode).toBe(5);
				expect(outcome.stderr).toContain("[secret]");
				expectNoSecrets(outcome);
				for (const secret of [SECRET, TOKEN]) {
					for (const part of [encode(secret), secret.slice(0, 12), secret.slice(-12), base64(secret)])
						expect(outcome.stdout + outcome.stderr).not.toContain(part.trimEnd());
				}
				if (options.includes("--json")) JSON.parse(outcome.stdout);
			}
			expect(echo.requests.at(-1)?.headers["x-amz-security-token"]).toBe(TOKEN);
		});
	});

	it.each(COMMANDS)("are in no output of $line that succeeds", async ({ words }) => {
		for (const options of [["--debug"], ["--json", "--debug"]]) {
			const outcome = await zipferry([...words, ...options], { env: demo.env, cwd: directory.path() });
			expect(outcome.exitCode).toBe(0);
			expectNoSecrets(outcome);
		}
	});

	it("are no options: whatever is on the command line, everybody on the machine can read (E1)", async () => {
		for (const command of ["upload", "create", "uploads", "doctor"]) {
			const { stdout } = await zipferry([command, "--help"], { env: {} });
			expect(stdout).not.toMatch(/--\S*(secret|password|token|credential|access-key)/i);
		}
		const outcome = await zipferry(["upload", "--secret-access-key", SECRET, "src", "s3://demo/a.zip"], {
			env: demo.env,
			cwd: directory.path(),
		});
		expect(outcome).toMatchObject({
			exitCode: 2,
			stderr: expect.stringMatching(/no option --secret-access-key/),
		});
		expectNoSecrets(outcome);
	});

	it.each([
		["https://user:p4ssw0rd-in-url@127.0.0.1:1", /^zipferry: the endpoint has credentials in it/],
		["user:p4ssw0rd-in-url@127.0.0.1:1", /^zipferry: the endpoint "…@127.0.0.1:1" is no URL/],
	])("are refused in an endpoint, without repeating them: %s", async (endpoint, message) => {
		const env = { ...demo.env, AWS_ENDPOINT_URL_S3: endpoint };
		for (const args of [
			["uploads", "s3://demo", "--debug"],
			["upload", "src", "s3://demo/a.zip", "--json"],
		]) {
			const outcome = await zipferry(args, { env, cwd: directory.path() });
			expect(outcome).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(message) });
			expectNoSecrets(outcome, "p4ssw0rd");
		}
	});
});
