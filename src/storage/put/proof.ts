import { HeadObjectCommand, type HeadObjectCommandOutput } from "@aws-sdk/client-s3";
import { StorageError } from "../../errors.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { withRetries } from "../../s3/retry.ts";
import { readSdkError, UnexpectedAnswerError } from "../../s3/sdk-error.ts";
import { unquote } from "../parts/completed-part.ts";

/** What the object must be like. */
export interface Expectation {
	/** Bytes. */
	readonly size: number;
	/** `undefined` where the storage's ETags cannot be computed. */
	readonly etag: string | undefined;
	/** CRC-32 of the whole, base64, where the storage keeps checksums. */
	readonly crc32: string | undefined;
}

/** What the storage says it holds. */
export interface StoredObject {
	readonly etag: string;
	readonly versionId: string | undefined;
	readonly head: HeadObjectCommandOutput;
}

/** Where to look, and for how long. */
export interface ProofRequest {
	readonly address: ObjectAddress;
	readonly retryTimeMs: number;
	readonly signal: AbortSignal | undefined;
}

/** Repetitions for an answer that was garbled, or is about the object before. */
const DIFFERENCE_REPETITIONS = 2;
/** Repetitions for a storage whose listings lag behind a write that it has confirmed. */
const LAG_REPETITIONS = 5;

/**
 * Asks the storage what it holds under the key and compares.
 *
 * @param confirmed - Whether the storage has said that the object is there.
 * @throws {StorageError} `INTEGRITY` if it is something else than was sent.
 */
export async function proveObject(
	{ client }: Connection,
	{ address: { bucket, key }, retryTimeMs, signal }: ProofRequest,
	expected: Expectation,
	confirmed: boolean,
): Promise<StoredObject> {
	let missing = 0;
	let different = 0;
	const command = new HeadObjectCommand({
		Bucket: bucket,
		Key: key,
		...(expected.crc32 === undefined ? {} : { ChecksumMode: "ENABLED" as const }),
	});
	const head = await withRetries(
		async () => {
			try {
				const answer = await client.send(command, signal === undefined ? {} : { abortSignal: signal });
				// Any gateway answers HEAD with 200; an object has a size and an ETag.
				if (answer.ContentLength === undefined || !answer.ETag)
					throw new UnexpectedAnswerError("the answer is not one of an S3 storage");
				const difference = describeDifference(answer, expected);
				// What follows from it is that the object is deleted: one answer is not enough for that.
				if (confirmed && difference !== undefined && ++different <= DIFFERENCE_REPETITIONS)
					throw new UnexpectedAnswerError(difference);
				return answer;
			} catch (error) {
				const lags = confirmed && readSdkError(error).status === 404 && ++missing <= LAG_REPETITIONS;
				throw lags
					? new UnexpectedAnswerError("the object is not there, though the storage has confirmed it")
					: error;
			}
		},
		{ budgetMs: retryTimeMs, stop: signal },
	);
	const difference = describeDifference(head, expected);
	if (difference !== undefined) {
		throw new StorageError("INTEGRITY", `s3://${bucket}/${key} is not what was sent: ${difference}`, {
			bucket,
			key,
		});
	}
	return { etag: unquote(head.ETag) ?? "", versionId: head.VersionId, head };
}

/** An ETag that is built like an MD5, or like the MD5 of this many MD5s. Others mean nothing to us. */
const MD5_ETAG = /^[0-9a-f]{32}(-\d+)?$/;

function describeDifference(
	head: HeadObjectCommandOutput,
	{ size, etag, crc32 }: Expectation,
): string | undefined {
	if (head.ContentLength !== size) return `it has ${head.ContentLength} bytes, not ${size}`;
	if (crc32 !== undefined && head.ChecksumType === "FULL_OBJECT" && head.ChecksumCRC32 !== undefined) {
		if (head.ChecksumCRC32 !== crc32) return `its CRC-32 is ${head.ChecksumCRC32}, not ${crc32}`;
	}
	const stored = unquote(head.ETag);
	if (etag === undefined || stored === undefined || !MD5_ETAG.test(stored)) return undefined;
	return stored === etag ? undefined : `its ETag is ${stored}, not ${etag}`;
}
