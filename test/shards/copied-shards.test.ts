import { createHash } from "node:crypto";
import {
	DeleteObjectCommand,
	GetObjectCommand,
	ListMultipartUploadsCommand,
	ListObjectsV2Command,
	PutObjectCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import {
	abortShards,
	finishShards,
	makeShard,
	type PlanShardsOptions,
	planShards,
	type ShardPlan,
	shardsStatus,
	uploadZip,
	verifyArchive,
	type ZipferryEvent,
} from "../../src/index.ts";
import { noise } from "../support/bytes.ts";
import { OBJECT_BUCKET as BUCKET, type ObjectStorage, useObjectStorages } from "../support/object-storage.ts";

const MiB = 1024 * 1024;
const { storageOf } = useObjectStorages();

/** Shards of about 16 MiB: some end in an object that is copied, some have nothing to copy. */
const OBJECTS = {
	"p/a": 12 * MiB,
	"p/b": 100,
	"p/c": 11 * MiB,
	"p/d": 0,
	"p/e": 33 * MiB,
	"p/f": 3 * MiB,
	"p/g": 9 * MiB,
	"p/h": 8 * MiB,
	"p/i": 17 * MiB,
	"p/j": 10 * MiB,
};

const DENIED = { status: 403, code: "AccessDenied", message: "no" };

type Wishes = Partial<PlanShardsOptions>;

function planOf({ options }: ObjectStorage, key: string, more: Wishes = {}): Promise<ShardPlan> {
	return planShards("s3://bucket/p/", {
		...{ ...options, provider: "aws", bucket: BUCKET, key: `zips/${key}`, method: "store" },
		...more,
	});
}

/** The storage that takes what the plan is for. */
const reached = ({ options }: ObjectStorage, provider: "aws" | "ceph" = "aws") => ({ ...options, provider });

async function makeAll(storage: ObjectStorage, plan: ShardPlan, provider: "aws" | "ceph" = "aws") {
	const made = [];
	for (let index = plan.shardCount - 1; index >= 0; index--)
		made.push(await makeShard(plan, index, reached(storage, provider)));
	return made;
}

async function hashOf({ client }: ObjectStorage, key: string) {
	const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: `zips/${key}` }));
	const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array(0);
	return { size: bytes.byteLength, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** What one process makes that carries everything. */
async function carried(storage: ObjectStorage) {
	await uploadZip("s3://bucket/p/", {
		...{ ...storage.options, provider: "r2", bucket: BUCKET, key: "zips/carried.zip", method: "store" },
	});
	return hashOf(storage, "carried.zip");
}

async function leftovers({ client }: ObjectStorage) {
	const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
	const { KeyCount } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "zips/" }));
	return { uploads: Uploads.length, objects: KeyCount };
}

describe("shards of objects of the storage itself", { timeout: 120_000, tags: "slow" }, () => {
	for (const provider of ["aws", "ceph"] as const)
		it(`are copied, and the archive has the bytes that one process gives it: ${provider}`, async () => {
			const storage = await storageOf(OBJECTS);
			const plan = await planOf(storage, "a.zip", { provider });
			expect(plan.version).toBe(2);
			expect(plan.shardCount).toBeGreaterThan(2);
			const made = await makeAll(storage, plan, provider);
			expect(await shardsStatus(plan, reached(storage, provider))).toMatchObject({
				...{ state: "incomplete", missing: [], damaged: [] },
			});
			const finished = await finishShards(plan, reached(storage, provider));
			const sumOf = (field: "copiedEntryCount" | "copiedSize") =>
				made.reduce((sum, shard) => sum + shard[field], 0);
			expect(finished).toMatchObject({
				...{ copiedEntryCount: sumOf("copiedEntryCount"), copiedSize: sumOf("copiedSize") },
				...{ remadeShards: [], alreadyComplete: false },
			});
			expect(finished.copiedEntryCount).toBeGreaterThanOrEqual(3);
			expect(await hashOf(storage, "a.zip")).toEqual(await carried(storage));
			const url = "s3://bucket/zips/a.zip";
			expect(await verifyArchive(url, storage.options)).toMatchObject({ ok: true });
		});

	it("are sent in no more bytes than are not copied", async () => {
		const storage = await storageOf(OBJECTS);
		const plan = await planOf(storage, "a.zip");
		let sent = 0;
		let copied = 0;
		for (let index = 0; index < plan.shardCount; index++) {
			const onEvent = (event: ZipferryEvent) => {
				if (event.type === "request" && event.operation === "UploadPart") sent += event.sentSize ?? 0;
			};
			const made = await makeShard(plan, index, { ...reached(storage), onEvent });
			copied += made.copiedSize;
		}
		const { size } = await finishShards(plan, reached(storage));
		expect(copied).toBeGreaterThan(30 * MiB);
		expect(sent).toBeLessThanOrEqual(size - copied);
	});

	it("are put together if all of it is one shard", async () => {
		const storage = await storageOf({ "p/a": 12 * MiB, "p/b": 10 * MiB });
		const plan = await planOf(storage, "a.zip", { workers: 1, maxBytes: 100 * MiB });
		await makeAll(storage, plan);
		const finished = await finishShards(plan, reached(storage));
		expect(finished.copiedEntryCount).toBe(plan.shardCount === 1 ? 2 : 1);
		expect(await hashOf(storage, "a.zip")).toEqual(await carried(storage));
	});

	it("are made again as they were, by whoever comes next", async () => {
		let isBroken = true;
		const storage = await storageOf(OBJECTS, ({ operation, key }) =>
			isBroken && operation === "PutObject" && key?.includes("slices/") ? DENIED : undefined,
		);
		const plan = await planOf(storage, "a.zip");
		for (let index = 0; index < plan.shardCount; index++)
			await expect(makeShard(plan, index, reached(storage))).rejects.toMatchObject({
				code: "STORAGE_REFUSED",
			});
		isBroken = false;
		await makeAll(storage, plan);
		for (const { alreadyMade } of await makeAll(storage, plan)) expect(alreadyMade).toBe(true);
		await finishShards(plan, reached(storage));
		expect(await hashOf(storage, "a.zip")).toEqual(await carried(storage));
	});

	it("are made where they are finished, if a part is not what was written", async () => {
		const storage = await storageOf(OBJECTS);
		const plan = await planOf(storage, "a.zip");
		await makeAll(storage, plan);
		const { client } = storage;
		const { Contents = [] } = await client.send(
			new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "zips/a.zip.zipferry-shards/" }),
		);
		const slice = Contents.find(({ Key = "" }) => Key.includes("slices/"))?.Key;
		await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: slice, Body: "damaged" }));
		const finished = await finishShards(plan, reached(storage));
		expect(finished.remadeShards).toHaveLength(1);
		expect(await hashOf(storage, "a.zip")).toEqual(await carried(storage));
	});

	for (const change of ["replace", "delete"] as const)
		for (const moment of ["before", "while it is copied", "after it was copied"] as const)
			it(`fail if an object is not as it was planned: ${change} ${moment}`, async () => {
				const object = { Bucket: BUCKET, Key: "p/e" };
				const doChange = ({ client }: ObjectStorage) =>
					change === "delete"
						? client.send(new DeleteObjectCommand(object))
						: client.send(new PutObjectCommand({ ...object, Body: noise(33 * MiB, 99) }));
				let isWorking = false;
				let heads = 0;
				const storage: ObjectStorage = await storageOf(OBJECTS, async ({ operation, key }) => {
					if (!isWorking) return undefined;
					const isHead = operation === "HeadObject" && key === "p/e";
					if (isHead) heads += 1;
					const isDue =
						moment === "while it is copied" ? operation === "UploadPartCopy" : isHead && heads === 2;
					if (!isDue) return undefined;
					isWorking = false;
					await doChange(storage);
					return undefined;
				});
				const plan = await planOf(storage, "a.zip");
				if (moment === "before") await doChange(storage);
				else isWorking = true;
				const codes: unknown[] = [];
				for (let index = 0; index < plan.shardCount; index++)
					await makeShard(plan, index, reached(storage)).catch((error: { code: unknown; origin: unknown }) =>
						codes.push(error.code, error.origin),
					);
				expect(codes).toEqual([expect.stringMatching(/^SOURCE_(CHANGED|NOT_FOUND)$/), "s3://bucket/p/e"]);
				await expect(finishShards(plan, reached(storage))).rejects.toMatchObject({ code: "SHARDS_MISSING" });
				await abortShards(plan, reached(storage));
				expect(await leftovers(storage)).toEqual({ uploads: 0, objects: 0 });
			});
});

describe("shards of a storage that does not copy", { timeout: 120_000, tags: "slow" }, () => {
	it("are carried if it refuses when they are planned, and a warning says so", async () => {
		const storage = await storageOf(OBJECTS, ({ operation }) =>
			operation === "UploadPartCopy" ? DENIED : undefined,
		);
		const warnings: unknown[] = [];
		const plan = await planOf(storage, "a.zip", {
			onEvent: (event: ZipferryEvent) => {
				if (event.type === "warning") warnings.push(event.code);
			},
		});
		expect(warnings).toContain("OBJECTS_NOT_COPIED");
		expect(plan.version).toBe(1);
		await makeAll(storage, plan);
		const finished = await finishShards(plan, reached(storage));
		expect(finished).toMatchObject({ copiedEntryCount: 0, copiedSize: 0 });
		expect(await hashOf(storage, "a.zip")).toEqual(await carried(storage));
	});

	it("fail if it refuses later", async () => {
		let isPlanned = false;
		const storage = await storageOf(OBJECTS, ({ operation }) =>
			isPlanned && operation === "UploadPartCopy" ? DENIED : undefined,
		);
		const plan = await planOf(storage, "a.zip");
		isPlanned = true;
		await expect(makeAll(storage, plan)).rejects.toMatchObject({
			code: "STORAGE_REFUSED",
			facts: { operation: "UploadPartCopy" },
		});
	});

	it("are carried with another method, from another storage, and if all objects are small", async () => {
		const storage = await storageOf(OBJECTS);
		for (const more of [{ method: "wrap" }, { sourceStorage: storage.options }] as const) {
			const plan = await planOf(storage, "a.zip", more);
			expect(plan.version).toBe(1);
		}
		const small = await planOf(storage, "b.zip", { excludeLargerThan: 10 * MiB - 1 });
		expect(small.version).toBe(1);
		expect(storage.requests).not.toContain("UploadPartCopy");
	});

	it("are carried if the plan is a list of files, and copied if it is one of objects", async () => {
		const storage = await storageOf({ "p/a": 12 * MiB, "p/b": 14 * MiB });
		const entries = ["a", "b"].map((name) => ({ name, source: `s3://bucket/p/${name}` }));
		const options = {
			...storage.options,
			provider: "aws" as const,
			bucket: BUCKET,
			method: "store" as const,
		};
		const plan = await planShards({ entries }, { ...options, key: "zips/a.zip" });
		expect(plan.version).toBe(2);
		await makeAll(storage, plan);
		await finishShards(plan, reached(storage));
		expect(await hashOf(storage, "a.zip")).toEqual(await carried(storage));
	});
});
