import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	CreateBucketCommand,
	DeleteObjectCommand,
	GetObjectCommand,
	GetObjectRetentionCommand,
	HeadObjectCommand,
	ListObjectVersionsCommand,
	PutBucketVersioningCommand,
	PutObjectCommand,
	PutObjectRetentionCommand,
	type PutObjectRetentionCommandInput,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LocalS3, startLocalS3 } from "../../../localstack/strict-s3/local-s3.ts";
import { contractClient, md5, refusal } from "../../s3/contract-bucket.ts";

const DAY_MS = 86_400_000;

let directory = "";
let now = new Date("2026-06-01T00:00:00Z");
let server: LocalS3;
let client: ReturnType<typeof contractClient>;

async function start(): Promise<void> {
	server = await startLocalS3({ directory, clock: () => now, buckets: ["plain"] });
	const { endpoint, region, accessKeyId, secretAccessKey } = server;
	client = contractClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
	// The clock of the client goes with that of the server.
	const offset = { get: () => now.getTime() - Date.now(), set() {} };
	Object.defineProperty(client.config, "systemClockOffset", offset);
}

beforeEach(async () => {
	directory = await mkdtemp(join(tmpdir(), "local-s3-lock-"));
	now = new Date();
	await start();
	await client.send(new CreateBucketCommand({ Bucket: "locked", ObjectLockEnabledForBucket: true }));
});
afterEach(async () => {
	client.destroy();
	await server.close();
	await rm(directory, { recursive: true, force: true });
});

const object = { Bucket: "locked", Key: "k" };
const inDays = (days: number) => new Date(now.getTime() + days * DAY_MS);

function retain(
	mode: "GOVERNANCE" | "COMPLIANCE",
	days: number,
	more: Partial<PutObjectRetentionCommandInput> = {},
) {
	const Retention = { Mode: mode, RetainUntilDate: inDays(days) };
	return client.send(new PutObjectRetentionCommand({ ...object, ...more, Retention }));
}

async function put(Body: string, Bucket = "locked"): Promise<string | undefined> {
	return (await client.send(new PutObjectCommand({ Bucket, Key: "k", Body }))).VersionId;
}

describe("object lock of the embedded server", () => {
	it("is asked for with the object itself, and needs a digest then", async () => {
		const lock = { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: inDays(1) } as const;
		const ContentMD5 = md5(Buffer.from("x")).toString("base64");
		await client.send(new PutObjectCommand({ ...object, Body: "x", ...lock, ContentMD5 }));
		expect(await refusal(client.send(new PutObjectCommand({ ...object, Body: "x", ...lock })))).toBe(
			"InvalidRequest",
		);
		const head = await client.send(new HeadObjectCommand(object));
		expect(head).toMatchObject({ ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: inDays(1) });
		const without = client.send(
			new PutObjectCommand({ ...object, Bucket: "plain", Body: "x", ...lock, ContentMD5 }),
		);
		expect(await refusal(without)).toBe("InvalidRequest");
	});

	it("lets nobody delete a version before its time, and anybody afterwards", async () => {
		const VersionId = await put("x");
		await retain("COMPLIANCE", 3);
		const remove = () => client.send(new DeleteObjectCommand({ ...object, VersionId }));
		expect(await refusal(remove())).toBe("AccessDenied");
		now = inDays(3);
		await remove();
		expect(await refusal(client.send(new GetObjectCommand({ ...object, VersionId })))).toBe("NoSuchVersion");
	});

	it("lets governance be passed by those who ask for it, compliance by nobody", async () => {
		await put("x");
		await retain("GOVERNANCE", 3);
		expect(await refusal(retain("GOVERNANCE", 2))).toBe("AccessDenied");
		await retain("GOVERNANCE", 2, { BypassGovernanceRetention: true });
		await retain("COMPLIANCE", 3, { BypassGovernanceRetention: true });
		expect(await refusal(retain("COMPLIANCE", 2, { BypassGovernanceRetention: true }))).toBe("AccessDenied");
		expect(await refusal(retain("GOVERNANCE", 4, { BypassGovernanceRetention: true }))).toBe("AccessDenied");
		await retain("COMPLIANCE", 4);
	});

	it("takes no date of the past, and no lock in a bucket that was not made for it", async () => {
		await put("x");
		expect(await refusal(retain("GOVERNANCE", -1))).toBe("InvalidArgument");
		await put("x", "plain");
		expect(await refusal(retain("GOVERNANCE", 1, { Bucket: "plain" }))).toBe("InvalidRequest");
		const asked = client.send(new GetObjectRetentionCommand(object));
		expect(await refusal(asked)).toBe("NoSuchObjectLockConfiguration");
	});

	it("keeps the bucket from suspending versions", async () => {
		const VersioningConfiguration = { Status: "Suspended" } as const;
		const suspend = (Bucket: string) =>
			client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
		expect(await refusal(suspend("locked"))).toBe("InvalidBucketState");
		await suspend("plain");
	});
});

describe("versions of the embedded server", () => {
	it("outlive the server, with their order and their locks", async () => {
		const first = await put("first");
		const second = await put("second");
		await retain("GOVERNANCE", 1, { VersionId: first });
		const marker = await client.send(new DeleteObjectCommand(object));
		expect(marker).toMatchObject({ DeleteMarker: true });
		client.destroy();
		await server.close();
		await start();
		const { Versions = [], DeleteMarkers = [] } = await client.send(
			new ListObjectVersionsCommand({ Bucket: "locked" }),
		);
		expect(Versions.map(({ VersionId }) => VersionId)).toEqual([second, first]);
		expect(DeleteMarkers).toMatchObject([{ VersionId: marker.VersionId, IsLatest: true }]);
		expect(await refusal(client.send(new GetObjectCommand(object)))).toBe("NoSuchKey");
		const old = await client.send(new GetObjectCommand({ ...object, VersionId: first }));
		expect(await old.Body?.transformToString()).toBe("first");
		const remove = client.send(new DeleteObjectCommand({ ...object, VersionId: first }));
		expect(await refusal(remove)).toBe("AccessDenied");
		await put("third");
		expect((await client.send(new HeadObjectCommand(object))).ContentLength).toBe(5);
	});

	it("end where they are suspended: what is put then replaces the one that is no version", async () => {
		const bucket = { Bucket: "plain", Key: "k" };
		const set = (Status: "Enabled" | "Suspended") =>
			client.send(new PutBucketVersioningCommand({ Bucket: "plain", VersioningConfiguration: { Status } }));
		await put("before", "plain");
		await set("Enabled");
		const kept = await put("kept", "plain");
		await set("Suspended");
		await put("one", "plain");
		await put("two", "plain");
		const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: "plain" }));
		expect(Versions.map(({ VersionId }) => VersionId)).toEqual(["null", kept]);
		await client.send(new DeleteObjectCommand(bucket));
		const page = await client.send(new ListObjectVersionsCommand({ Bucket: "plain", MaxKeys: 1 }));
		expect(page).toMatchObject({ IsTruncated: true, DeleteMarkers: [{ VersionId: "null" }] });
		const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page;
		const rest = await client.send(
			new ListObjectVersionsCommand({ Bucket: "plain", KeyMarker, VersionIdMarker }),
		);
		expect(rest.Versions?.map(({ VersionId }) => VersionId)).toEqual([kept]);
	});
});
