import { HeadBucketCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { StorageError } from "../../errors.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { NAME_REPETITIONS, withRetries } from "../../s3/retry.ts";
import { readSdkError, UnexpectedAnswerError } from "../../s3/sdk-error.ts";
import { toStorageError } from "../../s3/storage-errors.ts";

/** Shorter than for a run that has begun: the endpoint may be mistyped, and yet a storage may start late. */
const FIRST_CONTACT_MS = 30_000;

export interface ProbeOptions {
	/** Milliseconds for which it is tried whatever the reason, if the caller has said so. */
	readonly retryTimeMs?: number | undefined;
	readonly signal?: AbortSignal | undefined;
	/** Told before each wait: what looks like work must not be a mistyped endpoint. */
	readonly onRetry: (operation: string, reason: string, waitMs: number) => void;
}

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
	{ retryTimeMs, signal, onRetry }: ProbeOptions,
): Promise<void> {
	const { bucket, key } = address;
	try {
		const command = new HeadBucketCommand({ Bucket: bucket });
		const abortable = signal === undefined ? {} : { abortSignal: signal };
		await withRetries(() => client.send(command, abortable), {
			budgetMs: retryTimeMs ?? FIRST_CONTACT_MS,
			nameRepetitions: retryTimeMs === undefined ? NAME_REPETITIONS : undefined,
			stop: signal,
			onRetry: ({ code }, waitMs) => onRetry("HeadBucket", code, waitMs),
		});
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
	const advice = region === undefined ? "set --region" : `use --region ${region}`;
	return new StorageError("STORAGE_REFUSED", `the bucket "${bucket}" is in another region; ${advice}`, {
		bucket,
		key,
		operation: "HeadBucket",
		serverCode: "PermanentRedirect",
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
