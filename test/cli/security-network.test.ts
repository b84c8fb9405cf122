import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeCertificate } from "../support/certificate.ts";
import { DemoServer } from "../support/demo-server.ts";
import { forwardTo, type PlainServer, startPlainServer } from "../support/plain-server.ts";
import type { Outcome } from "../support/program.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { errorLine, zipferry } from "./zipferry.ts";

const directory = useTempDirectory();
let demo: DemoServer;
let server: PlainServer | undefined;
beforeAll(async () => {
	demo = await DemoServer.start();
});
afterAll(() => demo?.close());
beforeEach(() => directory.write({ "src/a.txt": "alpha" }));
afterEach(async () => {
	await server?.close();
	server = undefined;
});

function run(endpoint: string, ...args: readonly string[]): Promise<Outcome> {
	return zipferry(args, { env: { ...demo.env, AWS_ENDPOINT_URL_S3: endpoint }, cwd: directory.path() });
}

describe("a certificate (E19)", () => {
	it.each([
		[
			"that is self-signed",
			"IP:127.0.0.1",
			false,
			/^cannot reach the storage for .*self-signed; use --ca-file to trust its authority$/,
		],
		["for another host", "DNS:other.example", true, /the server's certificate is for another host/],
	])("%s is refused with 6 and the check it failed", async (_, altName, trusted, message) => {
		const certificate = await makeCertificate(directory.path(), altName);
		server = await startPlainServer(forwardTo(demo.s3.endpoint), certificate);
		const options = trusted ? ["--ca-file", certificate.file] : [];
		const outcome = await run(server.url, "upload", "src", "s3://demo/tls.zip", "-q", ...options);
		expect(outcome.exitCode).toBe(6);
		expect(errorLine(outcome)).toMatch(message);
		expect(server.requests).toEqual([]);
	});

	it("that has expired is refused with 6 and the check it failed", async () => {
		const certificate = await makeCertificate(directory.path(), "IP:127.0.0.1", -1);
		server = await startPlainServer(forwardTo(demo.s3.endpoint), certificate);
		const outcome = await run(server.url, "uploads", "s3://demo", "--ca-file", certificate.file);
		expect(outcome.exitCode).toBe(6);
		expect(errorLine(outcome)).toMatch(/the server's certificate has expired$/);
		expect(server.requests).toEqual([]);
	});

	it("is accepted with its authority in --ca-file, by every command", async () => {
		const certificate = await makeCertificate(directory.path(), "IP:127.0.0.1");
		server = await startPlainServer(forwardTo(demo.s3.endpoint), certificate);
		const ca = ["--ca-file", certificate.file];
		expect(await run(server.url, "upload", "src", "s3://demo/tls.zip", "-q", ...ca)).toMatchObject({
			exitCode: 0,
			stderr: "",
		});
		expect(await run(server.url, "uploads", "s3://demo", ...ca)).toMatchObject({ exitCode: 0 });
		const { exitCode, stdout } = await run(server.url, "doctor", "s3://demo", ...ca);
		expect(exitCode).toBe(0);
		// Made for two days; that is soon.
		expect(stdout).toMatch(/^warn {2}connection +TLSv1\.3, certificate valid until \d{4}-\d\d-\d\d, \d+ ms/m);
	});

	it("of a file that is none is a usage error", async () => {
		const outcome = await run("https://127.0.0.1:1", "uploads", "s3://demo", "--ca-file", "missing.pem");
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toMatch(/^cannot read the certificates in missing.pem/);
	});
});

describe("plain http", () => {
	it("beyond loopback is warned of (E20)", async () => {
		const endpoint = "http://storage.invalid:9000";
		const { stderr } = await run(endpoint, "upload", "src", "s3://demo/a.zip", "--retry-time", "0s");
		expect(stderr).toMatch(/^warning: http:\/\/storage.invalid:9000 is not encrypted/);
		const { stdout } = await run(endpoint, "doctor", "s3://demo");
		expect(stdout).toMatch(/^warn {2}endpoint .*not encrypted/m);
	});
});

describe("a redirect (E18)", () => {
	it.each([301, 302, 307, 308])("by %d to another host is not followed there", async (status) => {
		const other = await startPlainServer((_, response) => response.end());
		server = await startPlainServer((request, response) => {
			response.writeHead(status, {
				location: `${other.url}${request.url}`,
				"x-amz-bucket-region": "eu-west-1",
			});
			response.end(
				request.method === "HEAD"
					? ""
					: "<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message><Endpoint>evil.example</Endpoint></Error>",
			);
		});
		try {
			for (const args of [
				["upload", "src", "s3://demo/a.zip", "-q"],
				["uploads", "s3://demo"],
				["doctor", "s3://demo"],
			]) {
				const outcome = await run(server.url, ...args);
				expect(outcome.exitCode).toBe(5);
			}
			expect(other.requests).toEqual([]);
			expect(server.requests.length).toBeGreaterThan(0);
		} finally {
			await other.close();
		}
	});
});

describe("an answer (E17)", () => {
	const MiB = 1024 * 1024;

	async function outcomeOf(
		body: () => Generator<string>,
	): Promise<{ outcome: Outcome; sent: number; ms: number }> {
		let sent = 0;
		server = await startPlainServer((_, response) => {
			response.writeHead(200, { "content-type": "application/xml" });
			const chunks = body();
			const write = () => {
				for (;;) {
					const { value, done } = chunks.next();
					if (done === true) return response.end();
					sent += value.length;
					if (!response.write(value)) return response.once("drain", write);
				}
			};
			write();
		});
		const startedAt = performance.now();
		const outcome = await run(server.url, "uploads", "s3://demo", "-q");
		return { outcome, sent, ms: performance.now() - startedAt };
	}

	it("of 100 MB is not read to its end, and exits with 6", async () => {
		const { outcome, sent } = await outcomeOf(function* () {
			yield "<ListMultipartUploadsResult>";
			for (let mib = 0; mib < 100; mib++) yield `<Upload><Key>${"k".repeat(MiB)}</Key></Upload>`;
			yield "</ListMultipartUploadsResult>";
		});
		expect(outcome.exitCode).toBe(6);
		expect(errorLine(outcome)).toMatch(/the response is larger than any response of an S3 storage/);
		expect(sent / (server?.requests.length ?? 1)).toBeLessThan(30 * MiB);
	});

	it("with entities that multiply does not multiply them", async () => {
		const { outcome, ms } = await outcomeOf(function* () {
			const entities = Array.from(
				{ length: 12 },
				(_, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`,
			).join("");
			yield `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">${entities}]>`;
			yield "<ListMultipartUploadsResult><Prefix>&e12;</Prefix></ListMultipartUploadsResult>";
		});
		expect([0, 6]).toContain(outcome.exitCode);
		expect(outcome.stderr.length).toBeLessThan(2_000);
		expect(ms).toBeLessThan(20_000);
	});

	it("that nests without end is refused", async () => {
		const { outcome } = await outcomeOf(function* () {
			for (let n = 0; n < 100; n++) yield "<a>".repeat(10_000);
		});
		expect(outcome.exitCode).toBe(6);
		expect(errorLine(outcome).length).toBeLessThan(2_000);
	});

	it("with a message of a megabyte is told in one line of bearable length", async () => {
		server = await startPlainServer((_, response) => {
			response.writeHead(403, { "content-type": "application/xml", "x-amz-request-id": "r".repeat(5_000) });
			response.end(`<Error><Code>AccessDenied</Code><Message>${"no ".repeat(350_000)}</Message></Error>`);
		});
		const outcome = await run(server.url, "uploads", "s3://demo", "-q");
		expect(outcome.exitCode).toBe(5);
		expect(errorLine(outcome).length).toBeLessThan(2_000);
	});
});
