import { HeadBucketCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { StorageError } from "../../errors.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { withRetries } from "../../s3/retry.ts";
import { readSdkError, UnexpectedAnswerError } from "../../s3/sdk-error.ts";
import { toStorageError } from "../../s3/storage-errors.ts";

/** Short: whoever mistypes an endpoint wants to know at once, and a blip is over by then. */
const PROBE_TIME_MS = 3_000;

/**
 * Finds out whether the storage can be reached and has the bucket, before gigabytes are read.
 *
 * A refusal proves nothing: whoever may only write is not allowed to look. The first writing request will
 * tell.
 *
 * @throws {StorageError} `NETWORK`, `NO_SUCH_BUCKET`, or `STORAGE_REFUSED` for a bucket of another region.
 */
export async function probeBucket(
	{ client }: Connection,
	address: ObjectAddress,
	signal: AbortSignal | undefined,
): Promise<void> {
	const { bucket, key } = address;
	try {
		const command = new HeadBucketCommand({ Bucket: bucket });
		const abortable = signal === undefined ? {} : { abortSignal: signal };
		await withRetries(() => client.send(command, abortable), { budgetMs: PROBE_TIME_MS, stop: signal });
	} catch (error) {
		signal?.throwIfAborted();
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
	return new StorageError("STORAGE_REFUSED", `the bucket "${bucket}" is in another region`, {
		bucket,
		key,
		operation: "HeadBucket",
		serverCode: "PermanentRedirect",
		advice: { kind: "set-option", option: "region", value: region },
		cause: error,
	});
}

/**
 * Looks whether there is an object under the key, for storages that ignore the condition on the upload.
 *
 * @throws {StorageError} `DESTINATION_EXISTS`, or `NETWORK` if nobody tells.
 */
export async function refuseExisting(
	{ client }: Connection,
	{ bucket, key }: ObjectAddress,
	{ retryTimeMs, signal }: { readonly retryTimeMs: number; readonly signal?: AbortSignal | undefined },
): Promise<void> {
	const command = new HeadObjectCommand({ Bucket: bucket, Key: key });
	const abortable = signal === undefined ? {} : { abortSignal: signal };
	const ask = async () => {
		const answer = await client.send(command, abortable);
		// Any gateway answers HEAD with 200, and it must not look like an object.
		if (!answer.ETag) throw new UnexpectedAnswerError("the answer is not one of an S3 storage");
	};
	try {
		await withRetries(ask, { budgetMs: retryTimeMs, stop: signal });
	} catch (error) {
		signal?.throwIfAborted();
		const { status } = readSdkError(error);
		// Not there, or not to be seen: the condition on the upload decides. Any other answer is none.
		if (status !== undefined && status < 500) return;
		throw toStorageError(error, "HeadObject", { bucket, key });
	}
	throw new StorageError("DESTINATION_EXISTS", `s3://${bucket}/${key} exists already and is left as it is`, {
		bucket,
		key,
	});
}
