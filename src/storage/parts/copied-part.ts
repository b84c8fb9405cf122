import { HeadObjectCommand, type UploadPartCopyCommandOutput } from "@aws-sdk/client-s3";
import { SourceError, StorageError } from "../../errors.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { factsOf, isConditionFailed, isNotFound } from "../../s3/errors/refusals.ts";
import { UnexpectedAnswerError } from "../../s3/errors/sdk-error.ts";
import { expectObjectHead } from "../../s3/expected-answers.ts";
import { encodeCrc32, md5OfEtag, unquote } from "../../s3/object-proof.ts";
import { type SendOptions, send } from "../../s3/send.ts";
import type { PartHash, PartProof } from "./completed-part.ts";
import type { ObjectRange } from "./object-range.ts";

/**
 * The storage's description of a part that it has copied: nobody else has seen the bytes.
 *
 * @throws {UnexpectedAnswerError} if it says nothing of them
 */
export function proofOfCopy(answer: UploadPartCopyCommandOutput, kind: PartHash["kind"]): PartProof {
	const { ETag, ChecksumCRC32 } = answer.CopyPartResult ?? {};
	const etag = unquote(ETag);
	if (!etag) throw new UnexpectedAnswerError("the response has no ETag; is the endpoint an S3 storage?");
	if (kind === "crc32" && ChecksumCRC32 === undefined)
		throw new UnexpectedAnswerError(
			"the response has no CRC-32 of the part; does the storage keep checksums?",
		);
	return { etag, crc32: ChecksumCRC32, md5: md5OfEtag(etag, answer) };
}

/**
 * Compares a copy with what is known of the bytes, where the storage says anything of either.
 *
 * @throws {StorageError} `INTEGRITY`
 */
export function checkCopy({ source: { bucket, key }, crc32 }: ObjectRange, proof: PartProof): void {
	if (crc32 === undefined || proof.crc32 === undefined || proof.crc32 === encodeCrc32(crc32)) return;
	const problem = `the storage has copied other bytes of s3://${bucket}/${key} than those that it keeps a checksum of: CRC-32 ${proof.crc32}, not ${encodeCrc32(crc32)}`;
	throw new StorageError("INTEGRITY", problem, { bucket, key, operation: "UploadPartCopy" });
}

/**
 * Looks whether a source is still what was to be copied. Some storages (Ceph 16) do not heed the condition
 * that goes with a copy.
 *
 * @throws {SourceError}
 */
export async function proveSource(
	connection: Connection,
	{ source, etag }: ObjectRange,
	options: Pick<SendOptions<unknown>, "retryTimeMs" | "signal" | "onRetry">,
): Promise<void> {
	if (source.versionId !== undefined) return; // a version never changes
	const command = new HeadObjectCommand({ Bucket: source.bucket, Key: source.key });
	const head = await send(connection, command, { ...options, check: expectObjectHead }).catch(
		(error: unknown) => {
			throw isNotFound(error) ? sourceGone(source, error) : error;
		},
	);
	if (unquote(head.ETag) !== etag) throw sourceChanged(source);
}

/** Tells a source that is gone, or another by now, from what may be wrong with the upload. */
export function throwCopyError(cause: unknown, { source }: ObjectRange): never {
	if (isConditionFailed(cause)) throw sourceChanged(source, cause);
	throw GONE.has(factsOf(cause).serverCode ?? "") ? sourceGone(source, cause) : cause;
}

/** Of the source: that the upload is not there has a code of its own. */
const GONE: ReadonlySet<string> = new Set(["NoSuchKey", "NoSuchVersion"]);

/** A source that is another by now. */
export function sourceChanged({ bucket, key }: ObjectAddress, cause?: unknown): SourceError {
	const origin = `s3://${bucket}/${key}`;
	return new SourceError("SOURCE_CHANGED", `${origin} has changed since it was looked at`, {
		origin,
		cause,
	});
}

/** A source that is not there any more. */
export function sourceGone({ bucket, key }: ObjectAddress, cause?: unknown): SourceError {
	const origin = `s3://${bucket}/${key}`;
	return new SourceError("SOURCE_NOT_FOUND", `${origin} no longer exists`, { origin, cause });
}
