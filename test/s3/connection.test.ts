import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HeadBucketCommand, S3Client, UploadPartCommand } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InvalidOptionError } from "../../src/errors.ts";
import { type Connection, connect as connectResolved } from "../../src/s3/connection.ts";
import { checkCredentials } from "../../src/s3/credentials.ts";
import type { ConnectOptions } from "../../src/s3/options.ts";
import { isPlainHttp } from "../../src/s3/plain-http.ts";
import { connectSettings } from "../support/settings.ts";

async function connect(options: ConnectOptions, bucket: string, concurrency: number): Promise<Connection> {
	return connectResolved(connectSettings(options), bucket, concurrency);
}

/** What a request would look like, without sending it. */
async function requestOf(options: ConnectOptions, bucket = "bucket") {
	const { client } = await connect(options, bucket, 4);
	let seen: { hostname: string; path: string; headers: Record<string, string> } | undefined;
	client.middlewareStack.add(
		() => async (args) => {
			seen = args.request as typeof seen;
			throw new Error("not sent");
		},
		{ step: "finalizeRequest", priority: "low", name: "stop" },
	);
	const part = { Bucket: bucket, Key: "k", UploadId: "u", PartNumber: 1, Body: Buffer.from("data") };
	await expect(client.send(new UploadPartCommand(part))).rejects.toThrow("not sent");
	if (seen === undefined) throw new Error("no request was made");
	return seen;
}

describe("connect", () => {
	let home: string;
	beforeEach(async () => {
		home = await mkdtemp(join(tmpdir(), "zipferry-aws-"));
		for (const name of [
			"AWS_REGION",
			"AWS_DEFAULT_REGION",
			"AWS_ENDPOINT_URL",
			"AWS_ENDPOINT_URL_S3",
			"AWS_PROFILE",
		]) {
			vi.stubEnv(name, undefined);
		}
		vi.stubEnv("AWS_CONFIG_FILE", join(home, "config"));
		vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(home, "credentials"));
		vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
		vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
		vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
	});
	afterEach(async () => {
		vi.unstubAllEnvs();
		await rm(home, { recursive: true });
	});

	it("sends a checksum header and no payload hash to AWS", async () => {
		const { hostname, headers } = await requestOf({ region: "eu-central-1" });
		expect(hostname).toBe("bucket.s3.eu-central-1.amazonaws.com");
		expect(headers["x-amz-checksum-crc32"]).toBeDefined();
		expect(headers["x-amz-content-sha256"]).toBe("UNSIGNED-PAYLOAD");
		expect(headers["expect"]).toBeUndefined();
	});

	it("asks an access point by its own host name, in its own region", async () => {
		const arn = "arn:aws:s3:eu-central-1:123456789012:accesspoint/name";
		const { hostname, path, headers } = await requestOf({ region: "us-east-1" }, arn);
		expect(hostname).toBe("name-123456789012.s3-accesspoint.eu-central-1.amazonaws.com");
		expect(path).toBe("/k");
		expect(headers["authorization"] ?? "").not.toContain("us-east-1");
	});

	it("puts the name of an old bucket into the path", async () => {
		const { hostname, path } = await requestOf({ region: "us-east-1" }, "My_Bucket");
		expect([hostname, path]).toEqual(["s3.us-east-1.amazonaws.com", "/My_Bucket/k"]);
	});

	it("sends no checksum header elsewhere", async () => {
		const { headers } = await requestOf({ endpoint: "https://s3.example.com" });
		expect(headers["x-amz-checksum-crc32"]).toBeUndefined();
		expect(headers["x-amz-content-sha256"]).toBe("UNSIGNED-PAYLOAD");
	});

	it("signs the payload where anybody on the way could change it", async () => {
		const { headers } = await requestOf({ endpoint: "http://storage.lan" });
		expect(headers["x-amz-content-sha256"]).toMatch(/^[0-9a-f]{64}$/);
	});

	it.each([
		["http://127.0.0.1:9000", "127.0.0.1", "/bucket/k"],
		["http://localhost:9000", "localhost", "/bucket/k"],
		["http://minio:9000", "minio", "/bucket/k"],
		["https://s3.example.com", "s3.example.com", "/bucket/k"],
		["https://eu-central-1.linodeobjects.com", "bucket.eu-central-1.linodeobjects.com", "/k"],
	])("chooses the style of addresses for %s", async (endpoint, hostname, path) => {
		expect(await requestOf({ endpoint })).toMatchObject({ hostname, path });
	});

	it("keeps a bucket with dots in the path, where no certificate would fit it", async () => {
		expect(await requestOf({ region: "us-east-1" }, "my.bucket")).toMatchObject({ path: "/my.bucket/k" });
	});

	it("lets the caller force the style", async () => {
		expect(await requestOf({ region: "us-east-1", pathStyle: true })).toMatchObject({ path: "/bucket/k" });
	});

	it("prefers the endpoint given, then AWS_ENDPOINT_URL_S3, then AWS_ENDPOINT_URL, then the profile's", async () => {
		await writeFile(
			join(home, "config"),
			"[default]\nregion = rr\nendpoint_url = http://d:1\n[profile p]\nregion = pr\nservices = x\n[services x]\ns3 =\n  endpoint_url = http://p:1\n",
		);
		const endpointOf = async (options: ConnectOptions) => (await connect(options, "bucket", 4)).endpoint;
		expect(await endpointOf({})).toBe("http://d:1");
		expect(await endpointOf({ profile: "p" })).toBe("http://p:1");
		vi.stubEnv("AWS_ENDPOINT_URL", "http://all:1");
		expect(await endpointOf({})).toBe("http://all:1");
		vi.stubEnv("AWS_ENDPOINT_URL_S3", "http://s3:1");
		expect(await endpointOf({})).toBe("http://s3:1");
		expect(await endpointOf({ endpoint: "http://given:1" })).toBe("http://given:1");
		vi.stubEnv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
		expect(await endpointOf({})).toBeUndefined();
	});

	it("takes the region from the endpoint where the host name tells it", async () => {
		const { client } = await connect({ endpoint: "https://s3.fr-par.scw.cloud" }, "bucket", 4);
		expect(await client.config.region()).toBe("fr-par");
	});

	it.each(["a b", "eu/central", "-", "ü", "x".repeat(64), "evil.example/"])(
		"refuses the region %s, whoever names it",
		async (region) => {
			const message =
				/^the region ".*" is no name like eu-central-1; check region, AWS_REGION and the profile$/;
			await expect(connect({ region }, "bucket", 4)).rejects.toThrow(message);
			vi.stubEnv("AWS_REGION", region);
			await expect(connect({}, "bucket", 4)).rejects.toThrow(message);
		},
	);

	it("refuses an account that would make another host of the endpoint", async () => {
		const connecting = connect({ provider: "r2", account: "evil.example/x" }, "bucket", 4);
		await expect(connecting).rejects.toThrow(/^the account "evil\.example\/x" is no name/);
	});

	it.each(["endpoint", "region", "profile", "account", "caFile"] as const)(
		"refuses an empty %s",
		async (name) => {
			const connecting = connect({ region: "x", [name]: "" }, "bucket", 4);
			await expect(connecting).rejects.toThrow(`${name} is empty; is a variable unset?`);
			await expect(connecting).rejects.toBeInstanceOf(InvalidOptionError);
		},
	);

	it("asks for a region where none can be known", async () => {
		await expect(connect({}, "bucket", 4)).rejects.toThrow(/no region is set for provider aws/);
	});

	it.each(["nonsense", "ftp://host", "//host"])("refuses the endpoint %s", async (endpoint) => {
		await expect(connect({ endpoint }, "bucket", 4)).rejects.toThrow(/is no URL like/);
	});

	it.each(["evil.example/", "evil.example#", "a@evil.example", "evil.example", "eu-west-1"])(
		"stays with AWS when an answer names the region %s (E18)",
		async (region) => {
			const { client } = await connect({ region: "us-east-1" }, "bucket", 4);
			const hosts: string[] = [];
			client.middlewareStack.add(
				() => async (args) => {
					hosts.push((args.request as { readonly hostname: string }).hostname);
					throw Object.assign(new Error("elsewhere"), {
						$metadata: { httpStatusCode: 301 },
						$response: { headers: { "x-amz-bucket-region": region, location: "https://evil.example/" } },
					});
				},
				{ step: "deserialize", priority: "low", name: "redirect" },
			);
			await expect(client.send(new HeadBucketCommand({ Bucket: "bucket" }))).rejects.toThrow();
			expect(hosts.length).toBeGreaterThan(0);
			for (const host of hosts) expect(host).toMatch(/^bucket\.s3\.[a-z0-9-]+\.amazonaws\.com$/);
		},
	);

	it("refuses an endpoint with credentials in it, without repeating them", async () => {
		const connecting = connect({ endpoint: "https://user:p4ssw0rd@s3.example.com" }, "bucket", 4);
		await expect(connecting).rejects.toThrow(/^(?!.*p4ssw0rd).*has credentials in it/);
	});

	it("says where it looked when there are no credentials", async () => {
		vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
		vi.stubEnv("AWS_SECRET_ACCESS_KEY", undefined);
		const { client } = await connect({ endpoint: "http://127.0.0.1:1" }, "bucket", 4);
		await expect(checkCredentials(client, undefined)).rejects.toMatchObject({ code: "NO_CREDENTIALS" });
	});

	it.each([
		[
			"Could not load credentials from any providers",
			/^no credentials found in .*; set AWS_ACCESS_KEY_ID .*, or name a profile/,
		],
		["Token is expired. Run aws sso login.", /^no credentials: Token is expired\. Run aws sso login\.$/],
		["getaddrinfo ENOTFOUND sts.example.com", /^no credentials: getaddrinfo ENOTFOUND sts\.example\.com$/],
		[
			"Command failed: get-key --pin 1234\nno",
			/^no credentials: the credential_process of the profile failed$/,
		],
	])("tells of credentials that cannot be had: %s", async (reason, message) => {
		const client = new S3Client({ region: "x", credentials: () => Promise.reject(new Error(reason)) });
		await expect(checkCredentials(client, undefined)).rejects.toThrow(message);
	});
});

describe("isPlainHttp", () => {
	it.each([
		[undefined, false],
		["https://s3.example.com", false],
		["http://localhost:9000", false],
		["http://127.0.0.1:9000", false],
		["http://[::1]:9000", false],
		["http://storage.lan:9000", true],
		["http://127.0.0.1.example.com", true],
	])("of %s is %s", (endpoint, expected) => {
		expect(isPlainHttp(endpoint)).toBe(expected);
	});
});
