import { PutObjectCommand } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type FaultHook, type LocalS3, startLocalS3 } from "../../../localstack/strict-s3/local-s3.ts";
import { createZip } from "../../../src/archive/create-zip.ts";
import type { CreateZipOptions } from "../../../src/archive/options.ts";
import type { ZipferryEvent } from "../../../src/events.ts";
import { contractClient } from "../../s3/contract-bucket.ts";
import { startPlainServer } from "../../support/plain-server.ts";
import { serveRange } from "../../support/range-server.ts";
import { zipContents, zipNames } from "../../support/zip-contents.ts";

const closers: (() => unknown)[] = [];
beforeEach(() => {
	vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
	vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local-secret");
});
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
	vi.unstubAllEnvs();
});

/** A storage with objects, whose requests are interfered with from then on. */
async function storageWith(keys: readonly string[], fault: FaultHook = () => undefined): Promise<LocalS3> {
	let ready = false;
	const server = await startLocalS3({
		buckets: ["bucket"],
		onRequest: (request) => (ready ? fault(request) : undefined),
	});
	const client = contractClient({
		endpoint: server.endpoint,
		region: server.region,
		credentials: { accessKeyId: "local", secretAccessKey: "local-secret" },
	});
	for (const key of keys)
		await client.send(
			new PutObjectCommand({ Bucket: "bucket", Key: key, Body: Buffer.from(`content of ${key}`) }),
		);
	client.destroy();
	ready = true;
	closers.push(server.close);
	return server;
}

async function zipFrom(endpoint: string, options: CreateZipOptions = {}) {
	const chunks: Uint8Array[] = [];
	const events: ZipferryEvent[] = [];
	await createZip(
		"s3://bucket/p/",
		async (incoming) => {
			for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
		},
		{
			sourceStorage: { endpoint, region: "us-east-1" },
			onEvent: (event) => events.push(event),
			...options,
		},
	);
	return { bytes: Buffer.concat(chunks), events };
}

const KEYS = Array.from({ length: 30 }, (_, index) => `p/${String(index).padStart(2, "0")}`);

describe("objects as sources of a storage that fails", { timeout: 120_000 }, () => {
	it("are asked for again while it is busy or breaks connections, which is told", async () => {
		const { endpoint } = await storageWith(KEYS, ({ operation, occurrence }) => {
			if (operation === "ListObjectsV2" && occurrence === 2)
				return { status: 503, code: "SlowDown", message: "" };
			if (operation === "GetObject" && occurrence === 4) return { destroy: true };
			if (operation === "GetObject" && occurrence === 9)
				return { status: 503, code: "SlowDown", message: "" };
			return undefined;
		});
		const { bytes, events } = await zipFrom(endpoint);
		const contents = await zipContents(bytes);
		expect([...contents.keys()]).toEqual(KEYS.map((key) => key.slice(2)));
		expect(contents.get("07")?.data.toString()).toBe("content of p/07");
		const retries = events.filter((event) => event.type === "retry");
		expect(new Set(retries.map(({ operation }) => operation))).toEqual(
			new Set(["ListObjectsV2", "GetObject"]),
		);
		expect(events).toContainEqual(expect.objectContaining({ type: "request", operation: "GetObject" }));
	});

	it("fail with one clear error if one is archived, or leave it out", async () => {
		const message = "The operation is not valid for the object's storage class";
		const { endpoint } = await storageWith(KEYS.slice(0, 3), ({ operation, key }) =>
			operation === "GetObject" && key === "p/01"
				? { status: 403, code: "InvalidObjectState", message }
				: undefined,
		);
		await expect(zipFrom(endpoint)).rejects.toMatchObject({
			code: "SOURCE_UNREADABLE",
			message: expect.stringContaining("s3://bucket/p/01 is in an archive of the storage"),
		});
		expect(await zipNames((await zipFrom(endpoint, { skipErrors: true })).bytes)).toEqual(["00", "02"]);
	});

	it("leave out what was deleted if that is wanted, and only then", async () => {
		const { endpoint } = await storageWith(KEYS.slice(0, 3), ({ operation, key }) =>
			operation === "GetObject" && key === "p/01"
				? { status: 404, code: "NoSuchKey", message: "The specified key does not exist." }
				: undefined,
		);
		await expect(zipFrom(endpoint)).rejects.toMatchObject({
			code: "SOURCE_NOT_FOUND",
			origin: "s3://bucket/p/01",
		});
		const { bytes, events } = await zipFrom(endpoint, { skipMissing: true });
		expect(await zipNames(bytes)).toEqual(["00", "02"]);
		expect(events).toContainEqual(
			expect.objectContaining({ type: "warning", code: "UNREADABLE_SKIPPED", origin: "s3://bucket/p/01" }),
		);
	});

	it("are not left out one by one if the whole bucket is gone", async () => {
		const { endpoint } = await storageWith(KEYS.slice(0, 3), ({ operation }) =>
			operation === "GetObject" ? { status: 404, code: "NoSuchBucket", message: "" } : undefined,
		);
		await expect(zipFrom(endpoint, { skipErrors: true })).rejects.toMatchObject({ code: "NO_SUCH_BUCKET" });
	});

	it.each(["ListObjectsV2", "GetObject"])(
		"leave no connection behind when %s hangs and it is aborted",
		async (hanging) => {
			const abort = new AbortController();
			const { endpoint } = await storageWith(KEYS, ({ operation, occurrence }) => {
				if (operation !== hanging || occurrence === 1) return undefined;
				setTimeout(() => abort.abort(new Error("enough")), 50);
				return { hang: true };
			});
			await expect(zipFrom(endpoint, { signal: abort.signal })).rejects.toThrow("enough");
			await expect.poll(() => connectionsTo(endpoint)).toEqual([]);
		},
	);

	it("are refused if it does not list them in order", async () => {
		const server = await startPlainServer((request, response) => {
			if (request.headers.range !== undefined)
				return serveRange(request, response, Buffer.from("x"), { etag: '"e"' });
			const keys = ["p/b", "p/a"].map(
				(key) => `<Contents><Key>${key}</Key><Size>1</Size><ETag>"e"</ETag></Contents>`,
			);
			response.setHeader("content-type", "application/xml");
			response.end(
				`<ListBucketResult><Name>bucket</Name><IsTruncated>false</IsTruncated>${keys.join("")}</ListBucketResult>`,
			);
		});
		closers.push(server.close);
		await expect(zipFrom(server.url, { signal: AbortSignal.timeout(20_000) })).rejects.toMatchObject({
			message: expect.stringContaining("does not list s3://bucket/p/ in the order of its keys"),
		});
	});
});

/** Sockets of this process that lead there. */
function connectionsTo(endpoint: string): unknown[] {
	const port = Number(new URL(endpoint).port);
	const { _getActiveHandles } = process as unknown as { _getActiveHandles(): { remotePort?: number }[] };
	return _getActiveHandles.call(process).filter(({ remotePort }) => remotePort === port);
}
