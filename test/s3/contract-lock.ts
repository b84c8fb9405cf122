import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import {
	CompleteMultipartUploadCommand,
	CreateBucketCommand,
	CreateMultipartUploadCommand,
	DeleteBucketCommand,
	DeleteObjectCommand,
	UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isForbidden } from "../../src/s3/errors/refusals.ts";
import { deleteObjects } from "../../src/s3/objects/delete-objects.ts";
import { headObject } from "../../src/s3/objects/head-object.ts";
import { listObjectVersions } from "../../src/s3/objects/list-object-versions.ts";
import {
	getObjectRetention,
	hasObjectLock,
	putObjectRetention,
} from "../../src/s3/objects/object-retention.ts";
import { putSmall } from "../../src/s3/objects/put-small.ts";
import type { ContractBucket } from "./contract-bucket.ts";
import { collect, connectTo } from "./contract-connection.ts";
import type { ContractServer } from "./servers.ts";

const MINUTE_MS = 60_000;

/** Locks of objects, as retention sets them: on what is there already. */
export function lockContract(bucket: () => ContractBucket, server: ContractServer): void {
	describe.runIf(server.differences.objectLock)("object lock", () => {
		const name = `zipferry-lock-${randomBytes(6).toString("hex")}`;
		const at = (key: string) => ({ bucket: name, key });
		const connection = connectTo(server, bucket);
		const inMinutes = (minutes: number) =>
			new Date(Math.ceil(Date.now() / 1000) * 1000 + minutes * MINUTE_MS);
		const everything = () => collect(listObjectVersions(connection(), { bucket: name, prefix: "" }));
		beforeAll(async () => {
			await bucket().client.send(new CreateBucketCommand({ Bucket: name, ObjectLockEnabledForBucket: true }));
		});
		afterAll(async () => {
			for (const { key, versionId } of await everything()) {
				const object = { Bucket: name, Key: key, VersionId: versionId, BypassGovernanceRetention: true };
				await bucket().client.send(new DeleteObjectCommand(object));
			}
			await bucket().client.send(new DeleteBucketCommand({ Bucket: name }));
		});

		it("is there for buckets that were made so, and for no others", async () => {
			expect(await hasObjectLock(connection(), name)).toBe(true);
			expect(await hasObjectLock(connection(), bucket().name)).toBe(false);
		});

		it("is undefined for an object that has none, and where buckets have none", async () => {
			await putSmall(connection(), at("free"), Buffer.from("free"));
			expect(await getObjectRetention(connection(), at("free"))).toBeUndefined();
			const elsewhere = { bucket: bucket().name, key: "free" };
			await putSmall(connection(), elsewhere, Buffer.from("free"));
			expect(await getObjectRetention(connection(), elsewhere)).toBeUndefined();
			expect((await headObject(connection(), elsewhere))?.lockedUntil).toBeUndefined();
		});

		it("is set on an object that is there, read back, and seen by HEAD", async () => {
			const { versionId } = await putSmall(connection(), at("set"), Buffer.from("kept"));
			const retention = { mode: "governance", until: inMinutes(5) } as const;
			await putObjectRetention(connection(), at("set"), retention, { versionId });
			expect(await getObjectRetention(connection(), at("set"), { versionId })).toEqual(retention);
			expect((await headObject(connection(), at("set")))?.lockedUntil).toEqual(retention.until);
		});

		it("is set on an object that was uploaded in parts", async () => {
			const target = { Bucket: name, Key: "parts" };
			const { client } = bucket();
			const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
			const part = { ...target, UploadId, PartNumber: 1 };
			const { ETag } = await client.send(new UploadPartCommand({ ...part, Body: randomBytes(1000) }));
			const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
			await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }));
			const retention = { mode: "governance", until: inMinutes(5) } as const;
			await putObjectRetention(connection(), at("parts"), retention);
			expect(await getObjectRetention(connection(), at("parts"))).toEqual(retention);
		});

		it("keeps the version from being deleted, not from being hidden", async () => {
			const { versionId } = await putSmall(connection(), at("kept"), Buffer.from("kept"));
			const other = await putSmall(connection(), at("other"), Buffer.from("not kept"));
			await putObjectRetention(connection(), at("kept"), { mode: "governance", until: inMinutes(5) });
			const versions = [
				{ key: "kept", versionId },
				{ key: "other", versionId: other.versionId },
			];
			const failures = await deleteObjects(connection(), name, versions);
			expect(failures).toMatchObject([{ key: "kept", versionId }]);
			expect(isForbidden(failures[0]?.error)).toBe(true);
			expect(await deleteObjects(connection(), name, [{ key: "kept" }])).toEqual([]);
			expect(await headObject(connection(), at("kept"))).toBeUndefined();
			expect(await headObject(connection(), at("kept"), { versionId })).toMatchObject({ size: 4 });
			expect(await headObject(connection(), at("other"))).toBeUndefined();
		});

		it("is extended, never shortened", async () => {
			await putSmall(connection(), at("longer"), Buffer.from("kept"));
			const lock = (until: Date) =>
				putObjectRetention(connection(), at("longer"), { mode: "governance", until });
			const [short, long] = [inMinutes(5), inMinutes(60)];
			await lock(short);
			await lock(long);
			expect(isForbidden(await lock(short).catch((error: unknown) => error))).toBe(true);
			expect((await getObjectRetention(connection(), at("longer")))?.until).toEqual(long);
		});

		it("ends with its date, for compliance not a moment earlier", { tags: "slow" }, async () => {
			const { versionId } = await putSmall(connection(), at("compliance"), Buffer.from("kept"));
			const until = new Date(Math.ceil(Date.now() / 1000) * 1000 + 10_000);
			await putObjectRetention(connection(), at("compliance"), { mode: "compliance", until });
			const version = { Bucket: name, Key: "compliance", VersionId: versionId };
			const passing = new DeleteObjectCommand({ ...version, BypassGovernanceRetention: true });
			await expect(bucket().client.send(passing)).rejects.toMatchObject({ name: "AccessDenied" });
			await delay(until.getTime() - Date.now() + 2_000);
			expect(await deleteObjects(connection(), name, [{ key: "compliance", versionId }])).toEqual([]);
		});
	});
}
