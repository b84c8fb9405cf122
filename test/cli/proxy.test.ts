import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Certificate, makeCertificate } from "../support/certificate.ts";
import { BUCKET, DemoServer } from "../support/demo-server.ts";
import { type ForwardProxy, type ForwardProxyOptions, startForwardProxy } from "../support/forward-proxy.ts";
import { forwardTo, type PlainServer, startPlainServer } from "../support/plain-server.ts";
import type { Outcome } from "../support/program.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { errorLine, zipferry } from "./zipferry.ts";

/** A name that only the proxy knows. */
const HOST = "storage.test";
const PASSWORD = "pass-word-of-the-proxy";
/** Requests with which an upload begins: is the bucket there, and is anything of earlier ones left? */
const AT_ONCE = 2;

const directory = useTempDirectory();
let demo: DemoServer;
let server: PlainServer;
let certificate: Certificate;
let proxy: ForwardProxy | undefined;
beforeAll(async () => {
	demo = await DemoServer.start();
});
afterAll(() => demo?.close());
beforeEach(async () => {
	await directory.write({ "src/a.txt": "alpha", "big/b": Buffer.alloc(20 * 1024 * 1024) });
	certificate = await makeCertificate(directory.path(), `DNS:${HOST}`);
	server = await startPlainServer(forwardTo(demo.s3.endpoint), certificate);
});
afterEach(async () => {
	await proxy?.close();
	proxy = undefined;
	await server.close();
});

function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Outcome> {
	return zipferry(args, { env: { ...demo.env, ...env }, cwd: directory.path() });
}

/** The storage by TLS, through a tunnel. */
async function throughTunnel(
	args: readonly string[],
	options: ForwardProxyOptions = {},
	env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
	proxy = await startForwardProxy(server.url, options);
	return run([...args, "--ca-file", certificate.file], {
		AWS_ENDPOINT_URL_S3: `https://${HOST}`,
		HTTPS_PROXY: `http://${proxy.address}`,
		...env,
	});
}

const upload = (...more: readonly string[]) => ["upload", "src", `s3://${BUCKET}/a.zip`, "-q", ...more];

describe("a proxy", () => {
	it("is asked for a tunnel to a storage with TLS, which it sees nothing of", async () => {
		expect(await throughTunnel(upload())).toMatchObject({ exitCode: 0, stderr: "" });
		expect(new Set(proxy?.tunnels)).toEqual(new Set([`${HOST}:443`]));
		expect(proxy?.forwarded).toEqual([]);
		expect((await demo.get("a.zip")).ContentLength).toBeGreaterThan(0);
	});

	it("is used for parts, which share its connections", async () => {
		const args = ["upload", "big", `s3://${BUCKET}/big.zip`, "--method", "store", "--part-size", "5M", "-q"];
		expect(await throughTunnel(args)).toMatchObject({ exitCode: 0, stderr: "" });
		expect(proxy?.tunnels.length).toBeLessThanOrEqual(6);
	});

	it("gets whole addresses of a storage without TLS", async () => {
		proxy = await startForwardProxy(demo.s3.endpoint);
		const env = { AWS_ENDPOINT_URL_S3: `http://${HOST}:9000`, http_proxy: proxy.address };
		const outcome = await run(upload(), env);
		expect(outcome.exitCode).toBe(0);
		expect(proxy.tunnels).toEqual([]);
		expect(proxy.forwarded.every((url) => url.startsWith(`http://${HOST}:9000/${BUCKET}`))).toBe(true);
		expect(proxy.forwarded.length).toBeGreaterThan(1);
	});

	it("may itself be reached with TLS", async () => {
		const own = await makeCertificate(directory.path(), "IP:127.0.0.1");
		proxy = await startForwardProxy(demo.s3.endpoint, { certificate: own });
		const env = { AWS_ENDPOINT_URL_S3: `http://${HOST}`, HTTP_PROXY: `https://${proxy.address}` };
		expect(await run(upload("--ca-file", own.file), env)).toMatchObject({ exitCode: 0 });
		expect(proxy.forwarded.length).toBeGreaterThan(1);
	});

	it("gets user and password, of which nothing is printed", async () => {
		const address = (at: string) => `http://user:${PASSWORD}@${at}`;
		proxy = await startForwardProxy(server.url, { onTunnel: () => 407 });
		const env = { AWS_ENDPOINT_URL_S3: `https://${HOST}`, https_proxy: address(proxy.address) };
		const { exitCode, stdout, stderr } = await run(upload("--debug", "--json"), env);
		expect(exitCode).toBe(6);
		expect(proxy.authorizations[0]).toBe(`Basic ${Buffer.from(`user:${PASSWORD}`).toString("base64")}`);
		expect(stderr).toMatch(
			/does not accept the user and the password that it got \(407\); set them in https_proxy/,
		);
		expect(stdout + stderr).not.toContain(PASSWORD);
		expect(stdout + stderr).not.toContain(Buffer.from(PASSWORD).toString("base64").slice(0, 12));
	});

	it("that wants a password is told in one line, and not asked again (B39)", async () => {
		const outcome = await throughTunnel(upload(), { onTunnel: () => 407 });
		expect(outcome.exitCode).toBe(6);
		expect(errorLine(outcome)).toMatch(
			/^cannot reach the storage for the bucket demo: the proxy http:\/\/127.0.0.1:\d+ asks for a user and a password \(407\); set them in HTTPS_PROXY, in front of the host, as user:password@$/,
		);
		expect(proxy?.tunnels).toHaveLength(AT_ONCE);
		await proxy?.close();
		proxy = await startForwardProxy(demo.s3.endpoint, { onForward: () => 407 });
		const env = { AWS_ENDPOINT_URL_S3: `http://${HOST}`, HTTP_PROXY: proxy.address };
		const plain = await run(["uploads", `s3://${BUCKET}`], env);
		expect(plain.exitCode).toBe(6);
		expect(errorLine(plain)).toMatch(/asks for a user and a password \(407\); set them in HTTP_PROXY/);
		expect(proxy.forwarded).toHaveLength(1);
	});

	it("that refuses to connect is told in one line, and not asked again (B39)", async () => {
		const outcome = await throughTunnel(upload(), { onTunnel: () => 403 });
		expect(outcome.exitCode).toBe(6);
		expect(errorLine(outcome)).toMatch(
			/the proxy http:\/\/127.0.0.1:\d+ of HTTPS_PROXY refuses to connect to storage.test:443 \(403\)$/,
		);
		expect(proxy?.tunnels).toHaveLength(AT_ONCE);
	});

	it("that cannot connect for the moment is asked again", async () => {
		let count = 0;
		const onTunnel = () => (++count <= 2 ? 503 : undefined);
		expect(await throughTunnel(upload(), { onTunnel })).toMatchObject({ exitCode: 0 });
		expect(count).toBeGreaterThan(2);
	});

	it("that does not answer is given up in time, and told apart from the storage", async () => {
		const args = upload("--connect-timeout", "300ms", "--retry-time", "0s");
		const outcome = await throughTunnel(args, { onTunnel: () => "hang" });
		expect(outcome.exitCode).toBe(6);
		expect(errorLine(outcome)).toMatch(
			/cannot reach the proxy http:\/\/127.0.0.1:\d+ of HTTPS_PROXY: it has not connected to storage.test:443 within 300 ms$/,
		);
	});

	it("where nobody listens is told apart from the storage", async () => {
		for (const env of [
			{ AWS_ENDPOINT_URL_S3: `https://${HOST}`, HTTPS_PROXY: "http://127.0.0.1:1" },
			{ AWS_ENDPOINT_URL_S3: `http://${HOST}`, HTTP_PROXY: "http://127.0.0.1:1" },
		]) {
			const outcome = await run(["uploads", `s3://${BUCKET}`, "--retry-time", "0s"], env);
			expect(outcome.exitCode).toBe(6);
			expect(errorLine(outcome)).toMatch(
				/cannot reach the proxy http:\/\/127.0.0.1:1 of HTTPS?_PROXY: .*REFUSED/,
			);
		}
	});

	it("is asked again with what went wrong, for those who read the log", async () => {
		const env = { AWS_ENDPOINT_URL_S3: `https://${HOST}`, HTTPS_PROXY: "http://127.0.0.1:1" };
		const { stderr } = await run(["uploads", `s3://${BUCKET}`, "--retry-time", "1s"], env);
		expect(stderr).toMatch(/^ListMultipartUploads failed: ProxyError ECONNREFUSED; retrying in /);
		expect(stderr).toMatch(/: cannot reach the proxy \S+ of HTTPS_PROXY: connect ECONNREFUSED [\d.:]+$/m);
	});

	it("that falls silent within a transfer is given up like a storage that does", async () => {
		const onOpen: ForwardProxyOptions["onOpen"] = (client, upstream) => {
			client.unpipe();
			upstream.unpipe();
			client.on("data", () => {});
			upstream.on("data", () => {});
		};
		const args = upload("--connect-timeout", "400ms", "--read-timeout", "400ms", "--retry-time", "0s");
		const outcome = await throughTunnel(args, { onOpen });
		expect(outcome.exitCode).toBe(6);
		expect(errorLine(outcome)).toMatch(/cannot reach the storage for /);
	});

	it("is not used where NO_PROXY or the loopback says so", async () => {
		proxy = await startForwardProxy(demo.s3.endpoint);
		const all = { ALL_PROXY: `http://${proxy.address}` };
		expect(await run(upload(), all)).toMatchObject({ exitCode: 0 });
		const env = { ...all, AWS_ENDPOINT_URL_S3: "http://storage.invalid", NO_PROXY: ".invalid" };
		expect(await run(upload("--retry-time", "0s"), env)).toMatchObject({ exitCode: 6 });
		expect(proxy.forwarded.concat(proxy.tunnels)).toEqual([]);
	});

	it("of a kind that is not supported exits with 2", async () => {
		const env = { AWS_ENDPOINT_URL_S3: `https://${HOST}`, ALL_PROXY: "socks5://127.0.0.1:1080" };
		const outcome = await run(upload(), env);
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toMatch(/^the proxy "socks5:\/\/127.0.0.1:1080" of ALL_PROXY is not one/);
	});

	it("is named by doctor", async () => {
		const { stdout } = await throughTunnel(["doctor", `s3://${BUCKET}`]);
		expect(stdout).toMatch(/^pass {2}endpoint .*, through the proxy http:\/\/127.0.0.1:\d+$/m);
		expect(stdout).toMatch(/ connection +TLSv1.3, /);
	});
});

describe("authorities to trust", () => {
	const env = async () => {
		proxy = await startForwardProxy(server.url);
		return { AWS_ENDPOINT_URL_S3: `https://${HOST}`, HTTPS_PROXY: `http://${proxy.address}` };
	};

	it("come from AWS_CA_BUNDLE, or ca_bundle of the profile", async () => {
		const base = await env();
		expect(await run(upload(), { ...base, AWS_CA_BUNDLE: certificate.file })).toMatchObject({ exitCode: 0 });
		await directory.write({ config: `[default]\nca_bundle = ${certificate.file}\n` });
		const file = { AWS_CONFIG_FILE: directory.path("config") };
		expect(await run(upload(), { ...base, ...file })).toMatchObject({ exitCode: 0 });
		expect(await run(upload(), base)).toMatchObject({ exitCode: 6 });
	});

	it("come from --ca-file rather than AWS_CA_BUNDLE, and always from NODE_EXTRA_CA_CERTS", async () => {
		const base = await env();
		const other = await makeCertificate(directory.path(), "DNS:other.test");
		const bundle = { ...base, AWS_CA_BUNDLE: "missing.pem" };
		expect(await run(upload("--ca-file", certificate.file), bundle)).toMatchObject({ exitCode: 0 });
		const extra = { ...base, NODE_EXTRA_CA_CERTS: certificate.file };
		expect(await run(upload(), extra)).toMatchObject({ exitCode: 0 });
		expect(await run(upload("--ca-file", other.file), extra)).toMatchObject({ exitCode: 0 });
	});

	it("that cannot be read are told with where they were named", async () => {
		const outcome = await run(upload(), { ...(await env()), AWS_CA_BUNDLE: "missing.pem" });
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toMatch(
			/^cannot read the certificates in missing.pem, which AWS_CA_BUNDLE or the profile names: ENOENT/,
		);
	});
});
