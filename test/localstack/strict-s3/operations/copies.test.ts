import {
	CopyObjectCommand,
	type CopyObjectCommandInput,
	CreateBucketCommand,
	CreateMultipartUploadCommand,
	DeleteObjectCommand,
	GetObjectCommand,
	GetObjectTaggingCommand,
	HeadObjectCommand,
	PutObjectCommand,
	type S3Client,
	UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import type { LocalS3Options } from "../../../../localstack/strict-s3/local-s3.ts";
import { contractClient, refusal } from "../../../s3/contract-bucket.ts";
import { withServer } from "../with-server.ts";

const LOCKED = "locked";

/** Runs with a bucket whose objects have versions and can be locked. */
async function withLock(run: (client: S3Client) => Promise<void>, options: LocalS3Options = {}) {
	await withServer(async (server) => {
		const client = contractClient({ ...server, credentials: server });
		await client.send(new CreateBucketCommand({ Bucket: LOCKED, ObjectLockEnabledForBucket: true }));
		await run(client);
		client.destroy();
	}, options);
}

async function put(client: S3Client, Body: string, more: object = {}) {
	const command = new PutObjectCommand({ Bucket: LOCKED, Key: "source", Body, ...more });
	const { VersionId = "" } = await client.send(command);
	return VersionId;
}

const copy = (client: S3Client, more: Partial<CopyObjectCommandInput> = {}) =>
	client.send(
		new CopyObjectCommand({ Bucket: LOCKED, Key: "copy", CopySource: `${LOCKED}/source`, ...more }),
	);

const read = async (client: S3Client) => {
	const { Body } = await client.send(new GetObjectCommand({ Bucket: LOCKED, Key: "copy" }));
	return await Body?.transformToString();
};

describe("CopyObject", () => {
	it("copies the version that is named, and tells both versions", async () => {
		await withLock(async (client) => {
			const older = await put(client, "older");
			const newer = await put(client, "newer");
			const plain = await copy(client);
			expect(plain).toMatchObject({ CopySourceVersionId: newer, VersionId: expect.any(String) });
			expect(await read(client)).toBe("newer");
			await copy(client, { CopySource: `${LOCKED}/source?versionId=${older}` });
			expect(await read(client)).toBe("older");
		});
	});

	it("refuses a delete marker, and a version that is not there", async () => {
		await withLock(async (client) => {
			const version = await put(client, "deleted");
			const { VersionId: marker } = await client.send(
				new DeleteObjectCommand({ Bucket: LOCKED, Key: "source" }),
			);
			const of = (versionId: string | undefined) =>
				copy(client, { CopySource: `${LOCKED}/source?versionId=${versionId}` });
			expect(await refusal(copy(client))).toBe("NoSuchKey");
			expect(await refusal(of(marker))).toBe("InvalidRequest");
			expect(await refusal(of("0".repeat(32)))).toBe("NoSuchVersion");
			await of(version);
		});
	});

	it("brings an old version of an object back to its own key", async () => {
		await withLock(async (client) => {
			const older = await put(client, "older");
			await put(client, "newer");
			await copy(client, { Key: "source", CopySource: `${LOCKED}/source?versionId=${older}` });
			await copy(client);
			expect(await read(client)).toBe("older");
		});
	});

	it("leaves the lock with the source, and locks the copy as the request says", async () => {
		await withLock(async (client) => {
			const until = new Date(Date.now() + 60_000);
			const lock = { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: until } as const;
			await put(client, "locked", { ...lock, ChecksumAlgorithm: "CRC32" });
			const head = () => client.send(new HeadObjectCommand({ Bucket: LOCKED, Key: "copy" }));
			await copy(client);
			expect((await head()).ObjectLockMode).toBeUndefined();
			await copy(client, lock);
			expect((await head()).ObjectLockMode).toBe("GOVERNANCE");
		});
	});

	it("keeps the tags of the source, unless it is to replace them", async () => {
		await withLock(async (client) => {
			await put(client, "tagged", { Tagging: "a=1" });
			const tags = async () => {
				const command = new GetObjectTaggingCommand({ Bucket: LOCKED, Key: "copy" });
				return (await client.send(command)).TagSet;
			};
			await copy(client);
			expect(await tags()).toEqual([{ Key: "a", Value: "1" }]);
			await copy(client, { TaggingDirective: "REPLACE", Tagging: "b=2" });
			expect(await tags()).toEqual([{ Key: "b", Value: "2" }]);
		});
	});

	it("heeds conditions on the source and on what it would replace", async () => {
		await withLock(async (client) => {
			await put(client, "source");
			await copy(client, { IfNoneMatch: "*" });
			expect(await refusal(copy(client, { IfNoneMatch: "*" }))).toBe("PreconditionFailed");
			expect(await refusal(copy(client, { CopySourceIfMatch: '"other"' }))).toBe("PreconditionFailed");
		});
	});

	it("takes no notice of a condition on the source where that is its habit, and of others it does", async () => {
		await withLock(
			async (client) => {
				await put(client, "source");
				await copy(client, { CopySourceIfMatch: '"other"' });
				expect(await refusal(copy(client, { IfNoneMatch: "*" }))).toBe("PreconditionFailed");
			},
			{ habits: { copyConditions: "ignored" } },
		);
	});
});

it("UploadPartCopy copies ranges of what has more bytes than the smallest part only", async () => {
	await withLock(
		async (client) => {
			await put(client, "0123456789");
			const upload = { Bucket: LOCKED, Key: "copy" };
			const { UploadId } = await client.send(new CreateMultipartUploadCommand(upload));
			const part = { ...upload, UploadId, PartNumber: 1, CopySource: `${LOCKED}/source` };
			const copyRange = () =>
				client.send(new UploadPartCopyCommand({ ...part, CopySourceRange: "bytes=0-1" }));
			expect(await refusal(copyRange())).toBe("InvalidRequest");
			await put(client, "0123456789x");
			expect((await copyRange()).CopyPartResult?.ETag).toMatch(/^"[\da-f]{32}"$/);
		},
		{ minPartSize: 10 },
	);
});
