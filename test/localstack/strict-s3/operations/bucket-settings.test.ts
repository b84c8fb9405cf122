import {
	GetBucketLifecycleConfigurationCommand,
	GetBucketVersioningCommand,
	GetObjectLockConfigurationCommand,
	type LifecycleRule,
	PutBucketLifecycleConfigurationCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalS3, startLocalS3 } from "../../../../localstack/strict-s3/local-s3.ts";
import { contractClient } from "../../../s3/contract-bucket.ts";

let server: LocalS3;
let client: ReturnType<typeof contractClient>;
beforeAll(async () => {
	server = await startLocalS3({ buckets: ["bucket"] });
	client = contractClient({ endpoint: server.endpoint, region: server.region, credentials: server });
});
afterAll(() => server?.close());

const Bucket = "bucket";
const rule: LifecycleRule = {
	ID: "clean",
	Status: "Enabled",
	Filter: { Prefix: "a/" },
	AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
};
const put = (...Rules: LifecycleRule[]) =>
	client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));

describe("settings of a bucket", () => {
	it("are those of one where nothing was ever set", async () => {
		await expect(client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).rejects.toMatchObject({
			name: "NoSuchLifecycleConfiguration",
		});
		expect(await client.send(new GetBucketVersioningCommand({ Bucket }))).not.toHaveProperty("Status");
		await expect(client.send(new GetObjectLockConfigurationCommand({ Bucket }))).rejects.toMatchObject({
			name: "ObjectLockConfigurationNotFoundError",
		});
	});

	it("keep rules for incomplete uploads", async () => {
		await put(rule);
		const { Rules } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
		expect(Rules).toEqual([rule]);
	});

	it("refuse rules that would do something else", async () => {
		await expect(put({ ...rule, Expiration: { Days: 1 } })).rejects.toMatchObject({ name: "NotImplemented" });
		await expect(
			put({ ...rule, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 0 } }),
		).rejects.toMatchObject({ name: "MalformedXML" });
	});
});
