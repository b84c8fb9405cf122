import {
	CreateBucketCommand,
	DeleteBucketCommand,
	PutBucketVersioningCommand,
	PutObjectRetentionCommand,
} from "@aws-sdk/client-s3";
import { beforeEach, describe, expect, it } from "vitest";
import type { BackupArchive } from "../../../src/backup/archives/archive-facts.ts";
import { type PruneOrder, pruneJob } from "../../../src/backup/archives/prune-job.ts";
import { deleteObjects } from "../../../src/s3/objects/delete-objects.ts";
import { headObject } from "../../../src/s3/objects/head-object.ts";
import { listObjectVersions } from "../../../src/s3/objects/list-object-versions.ts";
import { putSmall } from "../../../src/s3/objects/put-small.ts";
import { BUCKET } from "../../support/demo-server.ts";
import { TEMPLATE, useArchiveBucket } from "./archive-bucket.ts";

/** Called before the versions are listed. */
let onListing: (() => Promise<unknown>) | undefined;
const bucket = useArchiveBucket(() => {
	onListing = undefined;
	return {
		async onRequest({ operation }) {
			if (operation === "ListObjectVersions") await onListing?.();
			return undefined;
		},
	};
});
const day = (number: number) => `2026-11-${String(number).padStart(2, "0")}T03:00:00Z`;
const keyOf = (number: number) => TEMPLATE.keyAt(new Date(day(number)));

beforeEach(async () => {
	const VersioningConfiguration = { Status: "Enabled" as const };
	await bucket().connection.client.send(
		new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration }),
	);
});

const prune = (last: number, order: Partial<PruneOrder> = {}) =>
	pruneJob(bucket().connection, TEMPLATE, {
		...{ policy: { last, min: 1 }, pruneVersions: true, requireDrill: undefined, job: undefined },
		...{ dryRun: false, now: new Date(day(29)), ...order },
	});

/** `key`, `key !` for a delete marker; what counts first. */
async function versions(): Promise<string[]> {
	const found: string[] = [];
	for await (const page of listObjectVersions(bucket().connection, { bucket: BUCKET, prefix: "" }))
		found.push(...page.map(({ key, isDeleteMarker }) => (isDeleteMarker ? `${key} !` : key)));
	return found.filter((key) => !key.includes(".lease.")).sort();
}

const remove = (key: string) => deleteObjects(bucket().connection, BUCKET, [{ key }]);
type Added = Pick<BackupArchive, "key" | "etag" | "versionId">;

async function lock({ key, versionId }: Added): Promise<void> {
	const Retention = { Mode: "GOVERNANCE" as const, RetainUntilDate: new Date("2099-01-01") };
	await bucket().connection.client.send(
		new PutObjectRetentionCommand({ Bucket: BUCKET, Key: key, VersionId: versionId, Retention }),
	);
}

describe("on a bucket that keeps versions", () => {
	it("archives that are removed stay as versions, and it is told that they do", async () => {
		for (const number of [1, 2]) await bucket().addVerified(day(number));
		const { outcome, versions: pruned } = await prune(1, { pruneVersions: false });
		expect(outcome).toMatchObject({ removed: [{ key: keyOf(1) }], keepsVersions: true });
		expect(pruned).toBeUndefined();
		expect(await versions()).toContain(keyOf(1));
		expect(await versions()).toContain(`${keyOf(1)} !`);
	});

	it("nothing is left of them if versions are to go, their records among them", async () => {
		for (const number of [1, 2, 3]) await bucket().addVerified(day(number));
		const { versions: pruned } = await prune(1);
		// Two archives and their records, and the marker above each.
		expect(pruned).toMatchObject({ versionCount: 8, lockedCount: 0, deletedTooEarly: [] });
		expect(await versions()).toEqual([keyOf(3), `${keyOf(3)}.record.json`]);
	});

	it("what earlier runs have left goes as well", async () => {
		for (const number of [1, 2, 3]) await bucket().addVerified(day(number));
		await prune(1, { pruneVersions: false });
		await prune(1);
		expect(await versions()).toEqual([keyOf(3), `${keyOf(3)}.record.json`]);
	});

	it("an archive that somebody has deleted stays as a version while the policy would keep it", async () => {
		for (const number of [1, 2, 3]) await bucket().addVerified(day(number));
		await remove(keyOf(3));
		await remove(keyOf(2));
		const early = await prune(2);
		expect(early.versions?.deletedTooEarly.toSorted()).toEqual([keyOf(2), keyOf(3)]);
		expect(await versions()).toEqual(expect.arrayContaining([keyOf(1), keyOf(2), keyOf(3), `${keyOf(3)} !`]));
		for (const number of [4, 5]) await bucket().addVerified(day(number));
		const { versions: pruned } = await prune(2);
		expect(pruned?.deletedTooEarly).toEqual([]);
		expect((await versions()).filter((key) => key.endsWith(".zip"))).toEqual([keyOf(4), keyOf(5)]);
	});

	it("old versions of an archive go once the one that counts is verified", async () => {
		await bucket().addVerified(day(1));
		const newer = await bucket().add(day(1), { bytes: Buffer.from("another") });
		await prune(1);
		expect((await versions()).filter((key) => key === keyOf(1))).toHaveLength(2);
		await bucket().verify(newer);
		await prune(1);
		expect(await versions()).toEqual([keyOf(1), `${keyOf(1)}.record.json`]);
	});

	it("an archive that is replaced meanwhile stays as a version", async () => {
		const { versionId } = await bucket().addVerified(day(1));
		onListing = async () => {
			onListing = undefined;
			await bucket().add(day(1), { bytes: Buffer.from("worthless") });
		};
		expect((await prune(1)).versions).toMatchObject({ versionCount: 0 });
		const address = { bucket: BUCKET, key: keyOf(1) };
		expect(await headObject(bucket().connection, address, { versionId })).toBeDefined();
	});

	it("what is below an object of somebody else stays", async () => {
		await bucket().addVerified(day(2));
		await bucket().add(day(1));
		await bucket().server.put(keyOf(1), "by hand");
		await prune(1);
		expect((await versions()).filter((key) => key === keyOf(1))).toHaveLength(2);
	});

	it("versions of somebody else stay below a marker", async () => {
		await bucket().addVerified(day(2));
		await putSmall(bucket().connection, { bucket: BUCKET, key: keyOf(1) }, Buffer.from("by hand"));
		await remove(keyOf(1));
		await prune(1);
		expect(await versions()).toEqual(expect.arrayContaining([keyOf(1), `${keyOf(1)} !`]));
	});

	it("nothing goes of a dry run, and it says what would", async () => {
		for (const number of [1, 2, 3]) await bucket().addVerified(day(number));
		await prune(1, { pruneVersions: false });
		const before = await versions();
		const { versions: pruned, outcome } = await prune(1, { dryRun: true });
		expect(pruned).toMatchObject({ versionCount: 8 });
		expect(outcome).toBeUndefined();
		expect(await versions()).toEqual(before);
	});
});

describe("on a bucket with Object Lock", () => {
	beforeEach(async () => {
		const { client } = bucket().connection;
		await client.send(new DeleteBucketCommand({ Bucket: BUCKET }));
		await client.send(new CreateBucketCommand({ Bucket: BUCKET, ObjectLockEnabledForBucket: true }));
	});

	it("an archive that is locked is not tried, and what is below a marker stays hidden", async () => {
		const [first, second] = [await bucket().addVerified(day(1)), await bucket().addVerified(day(2))];
		await bucket().addVerified(day(3));
		await lock(first);
		const { plan } = await prune(1);
		expect(plan.locked).toMatchObject([{ archive: { key: keyOf(1) }, until: new Date("2099-01-01") }]);
		expect((await versions()).filter((key) => key.includes(".zip") && !key.includes("record"))).toEqual([
			keyOf(1),
			keyOf(3),
		]);
		await remove(second.key);
		await remove(first.key);
		const { versions: pruned } = await prune(1);
		expect(pruned).toMatchObject({ lockedCount: 1 });
		expect(await versions()).toEqual(expect.arrayContaining([keyOf(1), `${keyOf(1)} !`]));
	});
});
