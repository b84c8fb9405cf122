import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import {
	CompleteMultipartUploadCommand,
	CreateMultipartUploadCommand,
	GetObjectCommand,
	ListMultipartUploadsCommand,
	ListObjectsV2Command,
	PutObjectCommand,
	type S3Client,
	UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterEach, describe, expect, it } from "vitest";
import { type FaultHook, type LocalS3, startLocalS3 } from "../../localstack/strict-s3/local-s3.ts";
import { uploadZip, verifyArchive } from "../../src/index.ts";
import { contractClient } from "../s3/contract-bucket.ts";
import { noise } from "../support/bytes.ts";
import { useTempDirectory } from "../support/temp-directory.ts";

const MiB = 1024 * 1024;
const temp = useTempDirectory();
const closers: (() => unknown)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

interface Storage {
	readonly server: LocalS3;
	readonly client: S3Client;
	readonly options: {
		readonly endpoint: string;
		readonly region: string;
		readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
	};
	/** Requests since the objects were put. */
	readonly requests: string[];
}

/** Sizes of the objects, or what they hold. */
type Objects = Readonly<Record<string, number | Uint8Array>>;

async function storageOf(objects: Objects, fault: FaultHook = () => undefined): Promise<Storage> {
	const requests: string[] = [];
	let ready = false;
	const server = await startLocalS3({
		buckets: ["bucket"],
		directory: temp.path("s3"),
		onRequest: (request) => {
			if (!ready) return undefined;
			requests.push(request.operation);
			return fault(request);
		},
	});
	closers.push(server.close);
	const { endpoint, region, accessKeyId, secretAccessKey } = server;
	const credentials = { accessKeyId, secretAccessKey };
	const client = contractClient({ endpoint, region, credentials });
	closers.push(() => client.destroy());
	let seed = 0;
	for (const [Key, content] of Object.entries(objects)) {
		const Body = typeof content === "number" ? noise(content, ++seed) : content;
		await client.send(
			new PutObjectCommand({
				...{ Bucket: "bucket", Key, Body, ChecksumAlgorithm: "CRC32" as const },
				...(seed === 1 ? { Metadata: { mtime: "1600000000.5" } } : {}),
			}),
		);
	}
	ready = true;
	return { server, client, options: { endpoint, region, credentials }, requests };
}

/** Copies. */
const CAPABLE = { provider: "aws" } as const;
/** Takes parts of one size, so that everything is carried. */
const CARRYING = { provider: "r2" } as const;

const zip = ({ options }: Storage, key: string, more: object) => ({
	...{ ...options, bucket: "bucket", key: `zips/${key}`, method: "store" as const, resume: false },
	...more,
});

async function hashOf({ client }: Storage, key: string) {
	const { Body } = await client.send(new GetObjectCommand({ Bucket: "bucket", Key: `zips/${key}` }));
	const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array(0);
	return { size: bytes.byteLength, sha256: createHash("sha256").update(bytes).digest("hex") };
}

async function uploadsIn({ client }: Storage): Promise<number> {
	const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: "bucket" }));
	return Uploads.length;
}

async function zipsIn({ client }: Storage): Promise<number> {
	const { KeyCount = 0 } = await client.send(new ListObjectsV2Command({ Bucket: "bucket", Prefix: "zips/" }));
	return KeyCount;
}

/** Makes the same archive in both ways. */
async function bothWays(storage: Storage, sources: Parameters<typeof uploadZip>[0], more: object = {}) {
	const copied = await uploadZip(sources, zip(storage, "copied.zip", { ...CAPABLE, ...more }));
	const carried = await uploadZip(sources, zip(storage, "carried.zip", { ...CARRYING, ...more }));
	expect(await hashOf(storage, "copied.zip")).toEqual(await hashOf(storage, "carried.zip"));
	expect(carried).toMatchObject({ copiedEntryCount: 0, copiedSize: 0 });
	expect(carried).not.toHaveProperty("copiedChecksums");
	return copied;
}

describe("an upload of objects of its own storage", { timeout: 120_000 }, () => {
	const SHAPES: Readonly<Record<string, { objects: Objects; copied: number }>> = {
		"one object of 10 MiB": { objects: { "p/a": 10 * MiB }, copied: 1 },
		"one of a byte less": { objects: { "p/a": 10 * MiB - 1 }, copied: 0 },
		"sizes around 10 MiB, one after the other": {
			objects: { "p/a": 10 * MiB, "p/b": 10 * MiB - 1, "p/c": 10 * MiB + 1, "p/d": 11 * MiB },
			copied: 3,
		},
		"what is small between what is large, first and last": {
			objects: { "p/a": 12 * MiB, "p/b": 100, "p/c": 0, "p/d": 2 * MiB, "p/e": 15 * MiB },
			copied: 2,
		},
		"what is small in front and behind": {
			objects: { "p/a": 3, "p/b": 4 * MiB, "p/c": 21 * MiB, "p/d": 3 * MiB, "p/e": 1 },
			copied: 1,
		},
		"as many bytes before a range as fill a part, and one more or less": {
			objects: {
				"p/a": 5 * MiB - 200,
				"p/b": 10 * MiB,
				"p/c": 5 * MiB - 88,
				"p/d": 10 * MiB,
				"p/e": 5 * MiB + 1,
				"p/f": 10 * MiB,
			},
			copied: 3,
		},
	};
	for (const [shape, { objects, copied }] of Object.entries(SHAPES))
		it(`has the bytes that it has without copying: ${shape}`, async () => {
			const storage = await storageOf(objects);
			const result = await bothWays(storage, "s3://bucket/p/");
			expect(result.copiedEntryCount).toBe(copied);
			const sizes = Object.values(objects).map(Number);
			const large = sizes.filter((size) => size >= 10 * MiB);
			expect(result.copiedSize).toBe(large.reduce((sum, size) => sum + size - 5 * MiB, 0));
			if (copied > 0) expect(result.copiedChecksums).toEqual({ head: copied, parts: 0, read: 0 });
			const url = "s3://bucket/zips/copied.zip";
			expect(await verifyArchive(url, storage.options)).toMatchObject({ ok: true });
		});

	it("has them with files of a disk, generated entries and objects of another storage between", async () => {
		const storage = await storageOf({ "p/a": 12 * MiB, "p/b": 13 * MiB, "q/a": 11 * MiB });
		await mkdir(temp.path("tree"));
		for (let index = 0; index < 30; index++)
			await writeFile(temp.path(`tree/${index}`), noise(200_000, index));
		const mtime = 1_700_000_000_000;
		const result = await bothWays(
			storage,
			[
				{ url: "s3://bucket/p/a", as: "first" },
				{ path: temp.path("tree"), as: "tree" },
				{ name: "text", content: "generated", mtime },
				{ name: "deflated", content: "again and again ".repeat(1e5), method: "deflate", mtime },
				{ url: "s3://bucket/q/", as: "elsewhere", storage: { ...storage.options, provider: "aws" } },
				{ url: "s3://bucket/p/b", as: "last" },
			],
			{ partSize: 5 * MiB },
		);
		expect(result).toMatchObject({ entryCount: 36, copiedEntryCount: 2 });
	});

	it("reads what the storage has no CRC-32 of, and sends 5 MiB of it", async () => {
		const storage = await storageOf({ "p/a": 12 * MiB, "p/b": 14 * MiB });
		const result = await uploadZip("s3://bucket/p/", zip(storage, "a.zip", { provider: "ceph" }));
		expect(result).toMatchObject({ copiedEntryCount: 2, copiedChecksums: { head: 0, parts: 0, read: 2 } });
		const url = "s3://bucket/zips/a.zip";
		expect(await verifyArchive(url, storage.options)).toMatchObject({ ok: true });
	});

	it("carries everything for another method, another storage, and a hash of the whole", async () => {
		const storage = await storageOf({ "p/a": 12 * MiB });
		for (const more of [{ method: "wrap" }, { hash: "sha256" }, { sourceStorage: { ...storage.options } }]) {
			const result = await uploadZip("s3://bucket/p/", zip(storage, "a.zip", { ...CAPABLE, ...more }));
			expect(result.copiedEntryCount).toBe(0);
		}
		expect(storage.requests).not.toContain("UploadPartCopy");
	});
});
