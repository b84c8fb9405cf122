import { writeFile } from "node:fs/promises";
import {
	GetObjectCommand,
	HeadObjectCommand,
	ListMultipartUploadsCommand,
	ListObjectsV2Command,
	PutObjectCommand,
	type S3Client,
} from "@aws-sdk/client-s3";
import { afterEach, describe, expect, it } from "vitest";
import { type FaultHook, type LocalS3, startLocalS3 } from "../../localstack/strict-s3/local-s3.ts";
import { uploadZip } from "../../src/upload/upload-zip.ts";
import { contractClient } from "../s3/contract-bucket.ts";
import { noise } from "../support/bytes.ts";
import { madeZip } from "../support/made-zip.ts";
import { useTempDirectory } from "../support/temp-directory.ts";

const temp = useTempDirectory();
const closers: (() => unknown)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

/** A storage with credentials of its own, that everything is in which a test needs of it. */
interface Storage {
	readonly server: LocalS3;
	readonly client: S3Client;
	readonly options: {
		readonly endpoint: string;
		readonly region: string;
		readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
	};
}

async function storageOf(
	name: string,
	objects: Readonly<Record<string, Uint8Array>>,
	fault: FaultHook = () => undefined,
): Promise<Storage> {
	let ready = false;
	const credentials = { accessKeyId: name, secretAccessKey: `secret-of-${name}` };
	const server = await startLocalS3({
		...credentials,
		buckets: ["bucket"],
		onRequest: (request) => (ready ? fault(request) : undefined),
	});
	closers.push(server.close);
	const { endpoint, region } = server;
	const client = contractClient({ endpoint, region, credentials });
	closers.push(() => client.destroy());
	for (const [Key, Body] of Object.entries(objects))
		await client.send(new PutObjectCommand({ Bucket: "bucket", Key, Body }));
	ready = true;
	return { server, client, options: { endpoint, region, credentials } };
}

const target = ({ options }: Storage, key = "backup.zip") => ({ ...options, bucket: "bucket", key });

async function keysIn({ client }: Storage): Promise<(string | undefined)[]> {
	const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: "bucket" }));
	return Contents.map(({ Key }) => Key);
}

async function uploadsIn({ client }: Storage): Promise<number> {
	const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: "bucket" }));
	return Uploads.length;
}

/** Sockets of this process that lead to a storage. */
function connectionsTo({ options: { endpoint } }: Storage): unknown[] {
	const port = Number(new URL(endpoint).port);
	const { _getActiveHandles } = process as unknown as { _getActiveHandles(): { remotePort?: number }[] };
	return _getActiveHandles.call(process).filter(({ remotePort }) => remotePort === port);
}

const MiB = 1024 * 1024;
const LARGE = Object.fromEntries(
	Array.from({ length: 8 }, (_, index) => [`p/${index}`, noise(4 * MiB, index)] as const),
);

describe("uploads of what is in a bucket", { timeout: 120_000 }, () => {
	it("take an object of another storage that has the bucket and key of the archive", async () => {
		const to = await storageOf("to", {});
		const from = await storageOf("from", {
			"p/a": Buffer.from("A"),
			"p/x.zip": Buffer.from("another object"),
		});
		const options = target(to, "p/x.zip");
		const own = { url: "s3://bucket/p/", storage: from.options };
		expect((await uploadZip([own], options)).entryCount).toBe(2);
		const sourceStorage = from.options;
		expect((await uploadZip("s3://bucket/p/", { ...options, sourceStorage })).entryCount).toBe(2);
	});

	it("leave the archive itself out, however its storage is reached", async () => {
		const to = await storageOf("to", { "p/a": Buffer.from("A"), "p/x.zip": Buffer.from("of yesterday") });
		const options = target(to, "p/x.zip");
		const sourceStorage = { ...to.options, endpoint: new URL(to.options.endpoint) };
		expect((await uploadZip("s3://bucket/p/", { ...options, sourceStorage })).entryCount).toBe(1);
		const own = { url: "s3://bucket/", storage: { ...to.options, endpoint: `${to.options.endpoint}/` } };
		expect((await uploadZip([own], options)).entryCount).toBe(1);
	});

	it.each(["small and large", "one part"] as const)(
		"publish nothing and leave nothing if a source fails while the upload is under way: %s",
		async (what) => {
			const to = await storageOf("to", { "backup.zip": Buffer.from("of yesterday") });
			const from = await storageOf("from", LARGE, ({ operation, key }) =>
				operation === "GetObject" && key === (what === "one part" ? "p/0" : "p/6")
					? { status: 403, code: "AccessDenied", message: "no" }
					: undefined,
			);
			const sourceStorage = from.options;
			const uploading = uploadZip("s3://bucket/p/", { ...target(to), sourceStorage, partSize: 5 * MiB });
			await expect(uploading).rejects.toMatchObject({ code: "STORAGE_REFUSED" });
			const parts = to.server.requests.filter(({ operation }) => operation === "UploadPart");
			expect(parts.length > 0).toBe(what !== "one part");
			expect(await uploadsIn(to)).toBe(0);
			const { ContentLength } = await to.client.send(
				new HeadObjectCommand({ Bucket: "bucket", Key: "backup.zip" }),
			);
			expect(ContentLength).toBe(12);
			to.client.destroy();
			from.client.destroy();
			await expect.poll(() => [...connectionsTo(to), ...connectionsTo(from)]).toEqual([]);
		},
	);

	it("fail if an object is replaced between the listing and its turn", async () => {
		const to = await storageOf("to", {});
		let isReplaced = false;
		const from = await storageOf("from", LARGE, async ({ operation, key }) => {
			if (operation === "GetObject" && key === "p/3" && !isReplaced) {
				isReplaced = true;
				await from.client.send(new PutObjectCommand({ Bucket: "bucket", Key: "p/5", Body: noise(4 * MiB) }));
			}
			return undefined;
		});
		const options = { ...target(to), sourceStorage: from.options, partSize: 5 * MiB, readAhead: 1 };
		await expect(uploadZip("s3://bucket/p/", options)).rejects.toMatchObject({
			code: "SOURCE_CHANGED",
			origin: "s3://bucket/p/5",
		});
		expect([await keysIn(to), await uploadsIn(to)]).toEqual([[], 0]);
	});

	it("take entries of an archive in a bucket, as those of the same archive on disk, with few requests", async () => {
		const files = Array.from({ length: 300 }, (_, index) => ({
			...{ name: `d/${index}`, content: noise(10_000, index), mtime: "2026-01-31" },
		}));
		const { bytes } = await madeZip([files, { name: "large", content: noise(6 * MiB), mtime: "2026-01-31" }]);
		const to = await storageOf("to", {});
		const from = await storageOf("from", { "a.zip": bytes });
		const source = { archive: "s3://bucket/a.zip", storage: from.options };
		await uploadZip(source, { ...target(to), partSize: 5 * MiB });
		const { Body } = await to.client.send(new GetObjectCommand({ Bucket: "bucket", Key: "backup.zip" }));
		await writeFile(temp.path("a.zip"), bytes);
		const onDisk = await madeZip({ archive: temp.path("a.zip") });
		expect(onDisk.bytes.equals((await Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
		expect(from.server.requests.filter(({ operation }) => operation === "GetObject").length).toBeLessThan(8);
	});

	it("publish nothing if an archive in a bucket has broken data in it", async () => {
		const { bytes } = await madeZip(
			[8, 9].map((seed) => ({ name: `${seed}`, content: noise(7 * MiB, seed) })),
		);
		bytes[12 * MiB] = ~(bytes[12 * MiB] ?? 0) & 0xff;
		const to = await storageOf("to", {});
		const from = await storageOf("from", { "a.zip": bytes });
		const source = { archive: "s3://bucket/a.zip", storage: from.options };
		await expect(uploadZip(source, { ...target(to), partSize: 5 * MiB })).rejects.toMatchObject({
			code: "ENTRY_CORRUPT",
		});
		expect([await keysIn(to), await uploadsIn(to)]).toEqual([[], 0]);
	});

	it.each(["ListObjectsV2", "GetObject", "UploadPart", "CompleteMultipartUpload"])(
		"end at once and leave nothing if they are aborted at %s",
		{ tags: "slow" },
		async (operation) => {
			const abort = new AbortController();
			const stop: FaultHook = (request) => {
				if (request.operation !== operation || request.key === "p/0" || abort.signal.aborted)
					return undefined;
				setTimeout(() => abort.abort(new Error("enough")), 20);
				return { hang: true };
			};
			const to = await storageOf("to", {}, stop);
			const from = await storageOf("from", LARGE, stop);
			const options = { ...target(to), sourceStorage: from.options, partSize: 5 * MiB };
			await expect(uploadZip("s3://bucket/p/", { ...options, signal: abort.signal })).rejects.toThrow(
				"enough",
			);
			expect([await keysIn(to), await uploadsIn(to)]).toEqual([[], 0]);
			to.client.destroy();
			from.client.destroy();
			await expect.poll(() => [...connectionsTo(to), ...connectionsTo(from)]).toEqual([]);
		},
	);
});
