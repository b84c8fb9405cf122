import { Agent } from "node:http";
import { ListBucketsCommand, PutObjectCommand, S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type FaultHook, type LocalS3, startLocalS3 } from "../../../localstack/strict-s3/local-s3.ts";
import type { ZipferryEvent } from "../../../src/events.ts";
import { connectionOf } from "../../../src/s3/client/callers-client.ts";
import { abortUploads } from "../../../src/storage/incomplete/abort-uploads.ts";
import { listUploads } from "../../../src/storage/incomplete/list-uploads.ts";
import type { UploadZipOptions } from "../../../src/upload/options.ts";
import { planUpload } from "../../../src/upload/plan-upload.ts";
import { uploadZip } from "../../../src/upload/upload-zip.ts";
import { startPlainServer } from "../../support/plain-server.ts";
import { ContractBucket } from "../contract-bucket.ts";
import { type ContractServer, contractServer } from "../servers.ts";

const MiB = 1024 * 1024;
const source = (size = 12 * MiB) => ({ name: "a.bin", content: Buffer.alloc(size, 7) });
/** Two parts and a bit. */
const parts = { method: "store", partSize: 5 * MiB } as const;

/** As a program makes one that does not know of us. */
function plainClient(
	server: Pick<ContractServer, "endpoint" | "region" | "credentials">,
	config: S3ClientConfig = {},
): S3Client {
	const { endpoint, region, credentials } = server;
	return new S3Client({ endpoint, region, credentials, forcePathStyle: true, ...config });
}

/** Notes the headers of whatever a client sends. */
function noteHeaders(client: S3Client): Record<string, string>[] {
	const seen: Record<string, string>[] = [];
	client.middlewareStack.add(
		(next) => (args) => {
			seen.push({ ...(args.request as { readonly headers: Record<string, string> }).headers });
			return next(args);
		},
		{ step: "finalizeRequest", priority: "low", name: "noteHeaders" },
	);
	return seen;
}

const OF_CHECKSUMS = /^(x-amz-(checksum-|sdk-checksum-|trailer)|expect$|transfer-encoding$)/;

describe.each(["parts", "lib-storage"] as const)("a client of the caller's, transport %s", (transport) => {
	let server: ContractServer;
	let store: ContractBucket;
	beforeAll(async () => {
		server = await contractServer();
		store = await ContractBucket.create(server);
	});
	afterAll(async () => {
		await store.destroy();
		await server.stop();
	});

	it("works as it comes from the SDK, and sends no header that storages other than AWS refuse", async () => {
		const client = plainClient(server);
		const headers = noteHeaders(client);
		const result = await uploadZip(source(), { bucket: store.name, key: "k", client, transport, ...parts });
		expect(result).toMatchObject({ partCount: 3 });
		expect((await store.head("k")).ContentLength).toBe(result.size);
		expect(headers.length).toBeGreaterThan(5);
		const names = headers.flatMap((all) => Object.keys(all)).map((name) => name.toLowerCase());
		expect(names.filter((name) => OF_CHECKSUMS.test(name))).toEqual([]);
	});

	it.each<[string, S3ClientConfig]>([
		["with checksums where they are supported", { requestChecksumCalculation: "WHEN_SUPPORTED" }],
		["without those that are not required", { requestChecksumCalculation: "WHEN_REQUIRED" }],
		["that expects 100-continue", { expectContinueHeader: true }],
		["that keeps its middleware", { cacheMiddleware: true }],
		["in the adaptive retry mode", { retryMode: "adaptive", maxAttempts: 7 }],
	])("works with one %s", async (_, config) => {
		const client = plainClient(server, config);
		const result = await uploadZip(source(), { bucket: store.name, key: "k2", client, transport, ...parts });
		expect((await store.head("k2")).ContentLength).toBe(result.size);
	});

	it.skipIf(process.env["ZIPFERRY_TEST_S3"] === "ceph")(
		"works with a storage that checks CRC-32s as AWS does",
		async () => {
			const options: UploadZipOptions = {
				bucket: store.name,
				key: "crc",
				transport,
				provider: "aws",
				...parts,
			};
			await uploadZip(source(), { ...options, client: plainClient(server) });
			const { ChecksumType } = await store.head("crc", { ChecksumMode: "ENABLED" });
			expect(ChecksumType).toBe("FULL_OBJECT");
		},
	);

	it("keeps to a bandwidth", async () => {
		const options = { bucket: store.name, key: "slow", client: plainClient(server), transport, ...parts };
		const startedAt = performance.now();
		const result = await uploadZip(source(6 * MiB), { ...options, bandwidthLimit: 12 * MiB });
		expect(performance.now() - startedAt).toBeGreaterThan(400);
		expect((await store.head("slow")).ContentLength).toBe(result.size);
	});

	it("leaves the client as it was", async () => {
		const client = plainClient(server);
		const before = { stack: client.middlewareStack.identify(), config: { ...client.config } };
		await uploadZip(source(), { bucket: store.name, key: "k", client, transport, ...parts });
		expect(client.middlewareStack.identify()).toEqual(before.stack);
		const changed = Object.entries(before.config).filter(
			// The clock of the storage, as any request learns it.
			([name, value]) => name !== "systemClockOffset" && Reflect.get(client.config, name) !== value,
		);
		expect(changed).toEqual([]);
		const headers = noteHeaders(client);
		await client.send(new PutObjectCommand({ Bucket: store.name, Key: "own", Body: "data" }));
		expect(headers[0]).toMatchObject({ "x-amz-checksum-crc32": expect.any(String) });
	});
});

describe("a client of the caller's on a storage that fails", () => {
	let server: LocalS3;
	const clients: S3Client[] = [];
	afterEach(async () => {
		for (const client of clients.splice(0)) client.destroy();
		await server.close();
	});
	const clientOf = (config: S3ClientConfig = {}) => {
		const { accessKeyId, secretAccessKey, endpoint, region } = server;
		const client = plainClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } }, config);
		clients.push(client);
		return client;
	};
	const count = (wanted: string) => server.requests.filter(({ operation }) => operation === wanted).length;

	async function put(onRequest: FaultHook, options: Partial<UploadZipOptions>, config: S3ClientConfig = {}) {
		server = await startLocalS3({ buckets: ["bucket"], onRequest });
		const events: ZipferryEvent[] = [];
		const onEvent = (event: ZipferryEvent) => void events.push(event);
		const all = { bucket: "bucket", key: "k", client: clientOf(config), onEvent, ...parts, ...options };
		const result = await uploadZip(source(), all);
		return { result, retries: events.filter(({ type }) => type === "retry") };
	}

	it("repeats nothing by itself: each attempt is one of ours, and told", async () => {
		const busy = { status: 503, code: "SlowDown", message: "reduce your rate" };
		const onRequest: FaultHook = ({ operation, occurrence }) =>
			operation === "CreateMultipartUpload" && occurrence < 3 ? busy : undefined;
		const { retries } = await put(onRequest, {}, { maxAttempts: 5 });
		expect(retries).toMatchObject([{ reason: "SlowDown" }, { reason: "SlowDown" }]);
		expect(count("CreateMultipartUpload")).toBe(3);
	});

	it("ends when our time for retries is over, whatever its own attempts", async () => {
		const onRequest: FaultHook = ({ operation }) =>
			operation === "UploadPart" ? { status: 500, code: "InternalError", message: "sorry" } : undefined;
		const putting = put(onRequest, { retryTimeMs: 0, concurrency: 1 }, { maxAttempts: 10 });
		await expect(putting).rejects.toMatchObject({ code: "NETWORK", facts: { operation: "UploadPart" } });
		expect(count("UploadPart")).toBe(1);
	});

	it.each(["HeadBucket", "CreateMultipartUpload", "UploadPart"])(
		"gives up a %s that is never answered, and repeats it",
		async (silent) => {
			const onRequest: FaultHook = ({ operation, occurrence }) =>
				operation === silent && occurrence === 1 ? { hang: true } : undefined;
			const { result, retries } = await put(onRequest, { readTimeoutMs: 2_500 });
			expect(result.partCount).toBe(3);
			if (silent !== "HeadBucket")
				expect(retries).toMatchObject([{ operation: silent, reason: "TimeoutError" }]);
			expect(count(silent)).toBeGreaterThan(1);
		},
	);

	it("fails when the storage stays silent", async () => {
		const onRequest: FaultHook = ({ operation }) => (operation === "UploadPart" ? { hang: true } : undefined);
		const putting = put(onRequest, { readTimeoutMs: 1_000, retryTimeMs: 500 });
		await expect(putting).rejects.toMatchObject({
			code: "NETWORK",
			message: expect.stringMatching(/made no progress for 1 s/),
		});
	});

	it("lets requests wait for a connection of an agent that has few", async () => {
		const slow: FaultHook = async ({ operation }) => {
			if (operation === "UploadPart") await new Promise((resolve) => setTimeout(resolve, 1_000));
			return undefined;
		};
		const requestHandler = { httpAgent: new Agent({ keepAlive: true, maxSockets: 1 }) };
		const options = { readTimeoutMs: 2_500, concurrency: 4, partSize: 5 * MiB, expectedSize: 40 * MiB };
		server = await startLocalS3({ buckets: ["bucket"], onRequest: slow });
		const events: ZipferryEvent[] = [];
		await uploadZip(source(22 * MiB), {
			...{ bucket: "bucket", key: "k", client: clientOf({ requestHandler }), method: "store", ...options },
			onEvent: (event) => void events.push(event),
		});
		expect(events.filter(({ type }) => type === "retry")).toEqual([]);
	});

	it("lists and aborts uploads under the same rules", async () => {
		server = await startLocalS3({
			buckets: ["bucket"],
			onRequest: ({ operation, occurrence }) =>
				operation === "ListMultipartUploads" && occurrence === 1 ? { hang: true } : undefined,
		});
		const options = { bucket: "bucket", client: clientOf(), readTimeoutMs: 300 };
		expect(await listUploads(options)).toEqual([]);
		expect(count("ListMultipartUploads")).toBe(2);
		expect(await abortUploads(options)).toEqual([]);
	});
});

describe("a client of the caller's and a line that is slow or dead", () => {
	const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
	const ask = (client: S3Client) => client.send(new ListBucketsCommand({}));
	async function viewOf(config: S3ClientConfig, readTimeoutMs: number) {
		const client = new S3Client({ region: "x", credentials, ...config });
		return (await connectionOf(client, { readTimeoutMs, provider: "generic" }, "bucket")).client;
	}

	it("gives up an answer that stops in the middle", async () => {
		const server = await startPlainServer((_, response) => {
			response.writeHead(200, { "content-length": 1000 });
			response.write("<ListAllMyBucketsResult>");
		});
		try {
			await expect(ask(await viewOf({ endpoint: server.url }, 200))).rejects.toMatchObject({
				name: "TimeoutError",
			});
		} finally {
			await server.close();
		}
	});

	it("gives up a body that nobody reads any more", async () => {
		const server = await startPlainServer((request) => request.pause());
		try {
			const client = await viewOf({ endpoint: server.url, forcePathStyle: true }, 300);
			const Body = Buffer.alloc(64 * MiB);
			const putting = client.send(new PutObjectCommand({ Bucket: "bucket", Key: "k", Body }));
			await expect(putting).rejects.toMatchObject({ name: "TimeoutError" });
		} finally {
			await server.close();
		}
	});

	it("waits for a body that moves, however slowly", async () => {
		const server = await startPlainServer(async (request, response) => {
			for await (const chunk of request) {
				request.pause();
				await new Promise((resolve) => setTimeout(resolve, (chunk.length / MiB) * 200));
			}
			response.setHeader("etag", '"e"').end();
		});
		try {
			const client = await viewOf({ endpoint: server.url, forcePathStyle: true }, 1_500);
			const startedAt = performance.now();
			const Body = Buffer.alloc(16 * MiB);
			await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "k", Body }));
			expect(performance.now() - startedAt).toBeGreaterThan(2_500);
		} finally {
			await server.close();
		}
	});

	it("gives up with a request handler of the caller's that would wait forever", async () => {
		const seen: (AbortSignal | undefined)[] = [];
		const requestHandler = {
			handle: (_: unknown, options?: object) => {
				seen.push(Reflect.get(options ?? {}, "abortSignal"));
				return new Promise<never>(() => {});
			},
		};
		const client = await viewOf({ endpoint: "http://127.0.0.1:1", requestHandler }, 100);
		await expect(ask(client)).rejects.toMatchObject({ name: "TimeoutError" });
		expect(seen.map((signal) => signal?.aborted)).toEqual([true]);
	});
});

describe("planUpload with a client", () => {
	const credentials = { accessKeyId: "a", secretAccessKey: "b" };
	beforeEach(() => {
		for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"])
			vi.stubEnv(name, undefined);
		vi.stubEnv("AWS_CONFIG_FILE", "/nonexistent/config");
	});
	afterEach(() => vi.unstubAllEnvs());
	const plan = (config: S3ClientConfig, more: Partial<UploadZipOptions> = {}) =>
		planUpload(source(), { bucket: "bucket", key: "k", client: new S3Client(config), ...more });

	it("plans for the provider of the client, not of the environment", async () => {
		vi.stubEnv("AWS_ENDPOINT_URL_S3", "https://s3.fr-par.scw.cloud");
		const endpoint = "https://account.r2.cloudflarestorage.com";
		expect(await plan({ endpoint, region: "auto", credentials })).toMatchObject({ provider: "r2" });
	});

	it("needs no other region than the client's", async () => {
		expect(await plan({ region: "eu-central-1", credentials })).toMatchObject({ provider: "aws" });
	});

	it("plans for the endpoint that the client finds in the environment", async () => {
		vi.stubEnv("AWS_ENDPOINT_URL_S3", "https://s3.fr-par.scw.cloud");
		expect(await plan({ region: "fr-par", credentials })).toMatchObject({ provider: "scaleway" });
	});

	it("refuses a client that has no region, and a time out of range", async () => {
		vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
		await expect(plan({ credentials })).rejects.toMatchObject({
			code: "INVALID_OPTION",
			message: expect.stringMatching(/the client does not know where to send requests: Region is missing/),
		});
		await expect(plan({ region: "x", credentials }, { readTimeoutMs: 0 })).rejects.toThrow(
			/^readTimeoutMs must be/,
		);
	});
});
