import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import {
	CompleteMultipartUploadCommand,
	CreateMultipartUploadCommand,
	DeleteObjectCommand,
	GetObjectCommand,
	ListMultipartUploadsCommand,
	ListObjectsV2Command,
	PutObjectCommand,
	UploadPartCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import type { FaultHook } from "../../localstack/strict-s3/local-s3.ts";
import { uploadZip, verifyArchive, type ZipferryEvent } from "../../src/index.ts";
import { noise } from "../support/bytes.ts";
import { type ObjectStorage, type StorageObjects, useObjectStorages } from "../support/object-storage.ts";
import { forwardTo, startPlainServer } from "../support/plain-server.ts";

const MiB = 1024 * 1024;
const { temp, closers, storageOf } = useObjectStorages();

/** Copies. */
const CAPABLE = { provider: "aws" } as const;
/** Takes parts of one size, so that everything is carried. */
const CARRYING = { provider: "r2" } as const;

const zip = ({ options }: ObjectStorage, key: string, more: object) => ({
	...{ ...options, bucket: "bucket", key: `zips/${key}`, method: "store" as const, resume: false },
	...more,
});

async function hashOf({ client }: ObjectStorage, key: string) {
	const { Body } = await client.send(new GetObjectCommand({ Bucket: "bucket", Key: `zips/${key}` }));
	const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array(0);
	return { size: bytes.byteLength, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** An object of which the storage keeps the CRC-32 of each part, and none of the whole. */
async function putInParts({ client }: ObjectStorage, Key: string, sizes: readonly number[]): Promise<void> {
	const object = { Bucket: "bucket", Key };
	const create = new CreateMultipartUploadCommand({
		...object,
		ChecksumAlgorithm: "CRC32",
		ChecksumType: "COMPOSITE",
	});
	const { UploadId } = await client.send(create);
	const Parts = [];
	for (const [index, size] of sizes.entries()) {
		const PartNumber = index + 1;
		const part = {
			...object,
			UploadId,
			PartNumber,
			Body: noise(size, PartNumber),
			ChecksumAlgorithm: "CRC32" as const,
		};
		const { ETag, ChecksumCRC32 } = await client.send(new UploadPartCommand(part));
		Parts.push({ PartNumber, ETag, ChecksumCRC32 });
	}
	const complete = { ...object, UploadId, MultipartUpload: { Parts }, ChecksumType: "COMPOSITE" as const };
	await client.send(new CompleteMultipartUploadCommand(complete));
}

async function uploadsIn({ client }: ObjectStorage): Promise<number> {
	const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: "bucket" }));
	return Uploads.length;
}

async function zipsIn({ client }: ObjectStorage): Promise<number> {
	const { KeyCount = 0 } = await client.send(new ListObjectsV2Command({ Bucket: "bucket", Prefix: "zips/" }));
	return KeyCount;
}

const REFUSED = { status: 403, code: "AccessDenied", message: "no" };

/** Makes the same archive in both ways. */
async function bothWays(storage: ObjectStorage, sources: Parameters<typeof uploadZip>[0], more: object = {}) {
	const copied = await uploadZip(sources, zip(storage, "copied.zip", { ...CAPABLE, ...more }));
	const carried = await uploadZip(sources, zip(storage, "carried.zip", { ...CARRYING, ...more }));
	expect(await hashOf(storage, "copied.zip")).toEqual(await hashOf(storage, "carried.zip"));
	expect(carried).toMatchObject({ copiedEntryCount: 0, copiedSize: 0 });
	expect(carried).not.toHaveProperty("copiedChecksums");
	return copied;
}

describe("an upload of objects of its own storage", { timeout: 120_000, tags: "slow" }, () => {
	const SHAPES: Readonly<Record<string, { objects: StorageObjects; copied: number }>> = {
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
			if (copied > 0) expect(result.copiedChecksums).toEqual({ head: copied, parts: 0, copies: 0, read: 0 });
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
		expect(result).toMatchObject({
			copiedEntryCount: 2,
			copiedChecksums: { head: 0, parts: 0, copies: 0, read: 2 },
		});
		const url = "s3://bucket/zips/a.zip";
		expect(await verifyArchive(url, storage.options)).toMatchObject({ ok: true });
	});

	it("makes a request for each thing it has to know, and a part of bytes and a copied one for each object", async () => {
		const storage = await storageOf({ "p/a": 12 * MiB, "p/b": 13 * MiB });
		const sent: number[] = [];
		await uploadZip(
			"s3://bucket/p/",
			zip(storage, "a.zip", {
				...CAPABLE,
				onEvent: (event: ZipferryEvent) => {
					if (event.type === "request" && event.operation === "UploadPart") sent.push(event.sentSize ?? 0);
				},
			}),
		);
		const count = (operation: string) => storage.requests.filter((made) => made === operation).length;
		const published = storage.requests.indexOf("CompleteMultipartUpload");
		const before = storage.requests.slice(0, published).filter((made) => made === "GetObject");
		expect(before).toHaveLength(2); // then it is read back
		expect(count("UploadPartCopy")).toBe(2);
		expect(count("UploadPart")).toBe(3);
		// Its CRC-32, and whether it is the same in the end, of each; and the archive itself.
		expect(count("HeadObject")).toBe(5);
	});

	/** Of an object whose parts the storage says nothing of. */
	async function untold(fault: FaultHook) {
		const storage = await storageOf({}, (request) =>
			request.operation === "GetObjectAttributes" ? REFUSED : fault(request),
		);
		await putInParts(storage, "p/a", [7 * MiB, 6 * MiB]);
		await putInParts(storage, "p/b", [5 * MiB, 12 * MiB]);
		const result = await bothWays(storage, "s3://bucket/p/");
		expect(result.copiedEntryCount).toBe(2);
		expect([await uploadsIn(storage), await zipsIn(storage)]).toEqual([0, 2]);
		return { storage, checksums: result.copiedChecksums };
	}

	it("has an object copied on trial for the CRC-32 that the storage does not keep", async () => {
		const copied: string[] = [];
		const { checksums } = await untold(({ operation, key }) => {
			if (operation === "UploadPartCopy") copied.push(key ?? "");
			return undefined;
		});
		expect(checksums).toEqual({ head: 0, parts: 0, copies: 2, read: 0 });
		const trial = "zips/copied.zip.zipferry-probe";
		expect(copied.sort()).toEqual(["zips/copied.zip", "zips/copied.zip", trial, trial]);
	});

	it("reads it if the storage refuses that", async () => {
		for (const refused of ["CreateMultipartUpload", "UploadPartCopy"]) {
			const { checksums } = await untold(({ operation, key }) =>
				operation === refused && key?.endsWith(".zipferry-probe") ? REFUSED : undefined,
			);
			expect(checksums).toEqual({ head: 0, parts: 0, copies: 0, read: 2 });
		}
	});

	it("tells of a trial that cannot be removed", async () => {
		const storage = await storageOf({}, ({ operation }) =>
			operation === "GetObjectAttributes" || operation === "AbortMultipartUpload" ? REFUSED : undefined,
		);
		await putInParts(storage, "p/a", [7 * MiB, 6 * MiB]);
		const { warnings, copiedChecksums } = await uploadZip("s3://bucket/p/", zip(storage, "a.zip", CAPABLE));
		expect(copiedChecksums).toEqual({ head: 0, parts: 0, copies: 1, read: 0 });
		expect(warnings).toMatchObject([
			{
				code: "INCOMPLETE_UPLOADS",
				message: expect.stringMatching(/of s3:\/\/bucket\/zips\/a\.zip\.zipferry-probe could not be removed/),
			},
		]);
	});

	it("leaves nothing of a trial if the archive fails", async () => {
		const storage = await storageOf({}, ({ operation, key }) =>
			operation === "GetObjectAttributes" || (operation === "UploadPart" && key === "zips/a.zip")
				? REFUSED
				: undefined,
		);
		await putInParts(storage, "p/a", [7 * MiB, 6 * MiB]);
		const uploading = uploadZip("s3://bucket/p/", zip(storage, "a.zip", CAPABLE));
		await expect(uploading).rejects.toMatchObject({ code: "STORAGE_REFUSED" });
		expect(storage.requests).toContain("UploadPartCopy");
		expect([await uploadsIn(storage), await zipsIn(storage)]).toEqual([0, 0]);
	});

	it("carries everything if the storage refuses to copy, and says so", async () => {
		for (const refusal of [REFUSED, { status: 501, code: "NotImplemented", message: "no" }]) {
			const storage = await storageOf({ "p/a": 12 * MiB, "p/b": 100 }, ({ operation }) =>
				operation === "UploadPartCopy" ? refusal : undefined,
			);
			const result = await bothWays(storage, "s3://bucket/p/");
			expect(result).toMatchObject({
				copiedEntryCount: 0,
				copiedSize: 0,
				entryCount: 2,
				md5: expect.any(String),
			});
			expect(result.warnings).toMatchObject([
				{ code: "OBJECTS_NOT_COPIED", message: expect.stringContaining(refusal.code) },
			]);
			expect(await uploadsIn(storage)).toBe(0);
		}
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

describe("objects that change while they are archived", { timeout: 120_000, tags: "slow" }, () => {
	const MOMENTS = {
		"before they are looked at": { operation: "HeadObject", occurrence: 1 },
		"before they are read": { operation: "GetObject", occurrence: 1 },
		"before they are copied": { operation: "UploadPartCopy", occurrence: 1 },
		"after they were copied": { operation: "HeadObject", occurrence: 2 },
	} as const;

	/** A storage in which something happens to the object at a moment. */
	async function changing(moment: keyof typeof MOMENTS, change: "replace" | "delete") {
		const { operation, occurrence } = MOMENTS[moment];
		let count = 0;
		const storage: ObjectStorage = await storageOf({ "p/a": 12 * MiB, "p/b": 14 * MiB }, async (request) => {
			const isOfObject =
				request.operation === operation && (request.key === "p/a" || operation === "UploadPartCopy");
			if (!isOfObject || ++count !== occurrence) return undefined;
			const object = { Bucket: "bucket", Key: "p/a" };
			if (change === "delete") await storage.client.send(new DeleteObjectCommand(object));
			else await storage.client.send(new PutObjectCommand({ ...object, Body: noise(12 * MiB, 77) }));
			return undefined;
		});
		return storage;
	}

	for (const moment of Object.keys(MOMENTS) as (keyof typeof MOMENTS)[])
		for (const change of ["replace", "delete"] as const)
			it(`fail the archive, and nothing is left: ${change} ${moment}`, async () => {
				const storage = await changing(moment, change);
				const uploading = uploadZip("s3://bucket/p/", zip(storage, "a.zip", CAPABLE));
				await expect(uploading).rejects.toMatchObject({
					name: "SourceError",
					code: expect.stringMatching(/^SOURCE_(CHANGED|NOT_FOUND)$/),
					origin: "s3://bucket/p/a",
				});
				expect([await zipsIn(storage), await uploadsIn(storage)]).toEqual([0, 0]);
			});

	it("are left out where that is wanted, if nothing of them is in the archive", async () => {
		for (const moment of ["before they are looked at", "before they are read"] as const) {
			const storage = await changing(moment, "replace");
			const result = await uploadZip(
				"s3://bucket/p/",
				zip(storage, "a.zip", { ...CAPABLE, skipErrors: true }),
			);
			expect(result).toMatchObject({ entryCount: 1, copiedEntryCount: 1, skippedCount: 1 });
			expect(await verifyArchive("s3://bucket/zips/a.zip", storage.options)).toMatchObject({ ok: true });
		}
	});
});

describe("an object whose checksum in the storage is not that of its bytes", {
	timeout: 120_000,
	tags: "slow",
}, () => {
	it("fails the archive, and nothing is left", async () => {
		const storage = await storageOf({ "p/a": 12 * MiB });
		// As if it had been damaged there since it was put: what it says of the whole is of other bytes.
		const server = await startPlainServer(async (request, response) => {
			const forward = forwardTo(storage.server.endpoint);
			if (request.method === "HEAD") {
				const writeHead = response.writeHead.bind(response);
				response.writeHead = ((status: number, headers: Record<string, string>) =>
					writeHead(status, {
						...headers,
						...("x-amz-checksum-crc32" in headers ? { "x-amz-checksum-crc32": "AAAAAA==" } : {}),
					})) as typeof response.writeHead;
			}
			forward(request, response);
		});
		closers.push(server.close);
		const options = { ...zip(storage, "a.zip", CAPABLE), endpoint: server.url };
		await expect(uploadZip("s3://bucket/p/", options)).rejects.toMatchObject({
			code: "INTEGRITY",
			message: expect.stringContaining("other bytes of s3://bucket/p/a"),
		});
		expect([await zipsIn(storage), await uploadsIn(storage)]).toEqual([0, 0]);
	});
});

describe("an upload with copied objects that was broken off", { timeout: 120_000, tags: "slow" }, () => {
	const OBJECTS = { "p/a": 12 * MiB, "p/b": 3 * MiB, "p/c": 9 * MiB, "p/d": 13 * MiB, "p/e": 11 * MiB };

	for (const provider of ["aws", "ceph"] as const)
		it(`is resumed, and has the same bytes: ${provider}`, async () => {
			let broken = true;
			const storage = await storageOf(OBJECTS, ({ operation }) =>
				broken && operation === "CompleteMultipartUpload" ? REFUSED : undefined,
			);
			const options = zip(storage, "a.zip", { provider, resume: true });
			await expect(uploadZip("s3://bucket/p/", options)).rejects.toMatchObject({ code: "STORAGE_REFUSED" });
			expect(await uploadsIn(storage)).toBe(1);
			broken = false;
			const before = storage.requests.length;
			const result = await uploadZip("s3://bucket/p/", options);
			const since = storage.requests.slice(before);
			expect(since).not.toContain("UploadPart");
			expect(result.resumedPartCount).toBe(result.partCount - 3);
			await uploadZip("s3://bucket/p/", zip(storage, "carried.zip", CARRYING));
			expect(await hashOf(storage, "a.zip")).toEqual(await hashOf(storage, "carried.zip"));
			expect(await uploadsIn(storage)).toBe(0);
		});
});
