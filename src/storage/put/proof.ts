import { HeadObjectCommand, type HeadObjectCommandOutput } from "@aws-sdk/client-s3";
import { StorageError } from "../../errors.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import { UnexpectedAnswerError } from "../../s3/errors/sdk-error.ts";
import { expectObjectHead } from "../../s3/expected-answers.ts";
import { isComputableEtag, unquote, wholeCrc32 } from "../../s3/object-proof.ts";
import { type Sender, send } from "../../s3/send.ts";

/** The size and hashes that the object must have. */
export interface Expectation {
	/** Bytes. */
	readonly size: number;
	/** `undefined` where the storage's ETags cannot be computed. */
	readonly etag: string | undefined;
	/** CRC-32 of the whole, base64, where the storage keeps checksums. */
	readonly crc32: string | undefined;
}

/** The object as the storage describes it. */
export interface StoredObject {
	readonly etag: string;
	readonly versionId: string | undefined;
	readonly head: HeadObjectCommandOutput;
}

/** The object to look at, and for how long. */
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
	connection: Sender,
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
	const head = await send(connection, command, {
		signal,
		retryTimeMs,
		check(answer) {
			expectObjectHead(answer);
			const difference = describeDifference(answer, expected);
			// The object is deleted because of it: one response is not enough for that.
			if (confirmed && difference !== undefined && ++different <= DIFFERENCE_REPETITIONS)
				throw new UnexpectedAnswerError(difference);
		},
		mayPass: ({ status }) =>
			confirmed && status === 404 && ++missing <= LAG_REPETITIONS
				? "the object is not there, though the storage has confirmed it"
				: undefined,
	});
	const difference = describeDifference(head, expected);
	if (difference !== undefined) {
		throw new StorageError("INTEGRITY", `s3://${bucket}/${key} is not what was sent: ${difference}`, {
			bucket,
			key,
		});
	}
	return { etag: unquote(head.ETag) ?? "", versionId: head.VersionId, head };
}

function describeDifference(
	head: HeadObjectCommandOutput,
	{ size, etag, crc32 }: Expectation,
): string | undefined {
	if (head.ContentLength !== size) return `it has ${head.ContentLength} bytes, not ${size}`;
	const whole = wholeCrc32(head);
	if (crc32 !== undefined && whole !== undefined && whole !== crc32)
		return `its CRC-32 is ${whole}, not ${crc32}`;
	const stored = unquote(head.ETag);
	if (etag === undefined || stored === undefined || !isComputableEtag(stored)) return undefined;
	return stored === etag ? undefined : `its ETag is ${stored}, not ${etag}`;
}
