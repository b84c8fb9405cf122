import { HeadBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import { StorageError } from "../errors.ts";
import type { ObjectAddress } from "./s3-url.ts";
import { readSdkError, toStorageError } from "./storage-errors.ts";

/**
 * Finds out whether the storage can be reached and has the bucket, before gigabytes are read.
 *
 * A refusal proves nothing: whoever may only write is not allowed to look. The first writing request will
 * tell.
 *
 * @throws {StorageError} `NETWORK`, `NO_SUCH_BUCKET`, or `STORAGE_REFUSED` for a bucket of another region.
 */
export async function probeBucket(client: S3Client, address: ObjectAddress): Promise<void> {
	const { bucket, key } = address;
	try {
		await client.send(new HeadBucketCommand({ Bucket: bucket }));
	} catch (error) {
		const { status } = readSdkError(error);
		if (status === 404) {
			const facts = { bucket, key, operation: "HeadBucket", serverCode: "NoSuchBucket", cause: error };
			throw new StorageError(
				"NO_SUCH_BUCKET",
				`the bucket "${bucket}" does not exist there; create it first`,
				facts,
			);
		}
		if (status === 301) throw otherRegion(error, address);
		if (status === undefined || status >= 500) throw toStorageError(error, "HeadBucket", address);
	}
}

function otherRegion(error: unknown, { bucket, key }: ObjectAddress): StorageError {
	const headers = (error as { $response?: { headers?: Record<string, string> } }).$response?.headers;
	const region = headers?.["x-amz-bucket-region"];
	const advice = region === undefined ? "set --region" : `use --region ${region}`;
	return new StorageError("STORAGE_REFUSED", `the bucket "${bucket}" is in another region; ${advice}`, {
		bucket,
		key,
		operation: "HeadBucket",
		serverCode: "PermanentRedirect",
		cause: error,
	});
}
