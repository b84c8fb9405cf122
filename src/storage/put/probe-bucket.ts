import { HeadBucketCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { StorageError } from "../../errors.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import { factsOf } from "../../s3/errors/refusals.ts";
import { isHostLabel } from "../../s3/errors/sdk-error.ts";
import { expectObjectHead } from "../../s3/expected-answers.ts";
import { firstContact } from "../../s3/retry.ts";
import { type Sender, send } from "../../s3/send.ts";

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
 * A refusal proves nothing: credentials that may only write are not allowed to look. The first writing request will
 * tell.
 *
 * @throws {StorageError} `NETWORK`, `NO_SUCH_BUCKET`, or `STORAGE_REFUSED` for a bucket of another region.
 */
export async function probeBucket(
	connection: Sender,
	address: ObjectAddress,
	{ retryTimeMs, signal, onRetry }: ProbeOptions,
): Promise<void> {
	const { bucket, key } = address;
	let region: string | undefined;
	try {
		await send(connection, new HeadBucketCommand({ Bucket: bucket }), {
			signal,
			...firstContact(retryTimeMs),
			onRetry: ({ code }, waitMs, operation) => onRetry(operation, code, waitMs),
			onAnswer: ({ headers }) => {
				const told = headers["x-amz-bucket-region"];
				region = told !== undefined && isHostLabel(told) ? told : undefined;
			},
		});
	} catch (error) {
		signal?.throwIfAborted();
		const { status } = factsOf(error);
		if (status === 404) {
			const facts = { bucket, key, operation: "HeadBucket", serverCode: "NoSuchBucket", cause: error };
			throw new StorageError(
				"NO_SUCH_BUCKET",
				`the bucket "${bucket}" does not exist there; create it first`,
				facts,
			);
		}
		// A wrong region is answered with either; without a body, nothing else says what is wrong.
		if (
			status === 301 ||
			(status === 400 && region !== undefined && region !== (await signingRegion(connection)))
		)
			throw otherRegion(error, address, region);
		if (status === undefined || status >= 500) throw error;
	}
}

function signingRegion({ client }: Sender): Promise<string> {
	return client.config.region();
}

function otherRegion(error: unknown, address: ObjectAddress, region: string | undefined): StorageError {
	return new StorageError("STORAGE_REFUSED", `the bucket "${address.bucket}" is in another region`, {
		...address,
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
	connection: Sender,
	{ bucket, key }: ObjectAddress,
	{ retryTimeMs, signal }: { readonly retryTimeMs: number; readonly signal?: AbortSignal | undefined },
): Promise<void> {
	const command = new HeadObjectCommand({ Bucket: bucket, Key: key });
	try {
		await send(connection, command, { signal, retryTimeMs, check: expectObjectHead });
	} catch (error) {
		signal?.throwIfAborted();
		const { status } = factsOf(error);
		// Not there, or not to be seen: the condition on the upload decides. Any other answer is none.
		if (status !== undefined && status < 500) return;
		throw error;
	}
	throw new StorageError("DESTINATION_EXISTS", `s3://${bucket}/${key} exists already and is left as it is`, {
		bucket,
		key,
	});
}
