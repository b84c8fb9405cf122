import { HeadObjectCommand, type S3Client, type UploadPartCopyCommandOutput } from "@aws-sdk/client-s3";
import { SourceError } from "../../errors.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import { readSdkError, UnexpectedAnswerError } from "../../s3/sdk-error.ts";
import { type PartHash, type PartProof, unquote } from "./completed-part.ts";
import type { ObjectRange } from "./object-range.ts";

/** What the storage says of a part that it has copied: nobody else has seen the bytes. */
export function proofOfCopy(answer: UploadPartCopyCommandOutput, kind: PartHash["kind"]): PartProof {
	const { ETag, ChecksumCRC32 } = answer.CopyPartResult ?? {};
	const etag = unquote(ETag);
	if (!etag) throw new UnexpectedAnswerError("the answer has no ETag; is the endpoint an S3 storage?");
	if (kind === "crc32" && ChecksumCRC32 === undefined)
		throw new UnexpectedAnswerError("the answer has no CRC-32 of the part; does the storage keep checksums?");
	const opaque =
		answer.ServerSideEncryption?.startsWith("aws:kms") || answer.SSECustomerAlgorithm !== undefined;
	return { etag, crc32: ChecksumCRC32, md5: opaque || !/^[0-9a-f]{32}$/.test(etag) ? undefined : etag };
}

/**
 * Looks whether a source is still what was to be copied. Some storages (Ceph 16) do not heed the condition
 * that goes with a copy.
 *
 * @throws {SourceError}
 */
export async function proveSource(
	client: S3Client,
	{ source, etag }: ObjectRange,
	abortSignal: AbortSignal,
): Promise<void> {
	if (source.versionId !== undefined) return; // a version never changes
	const command = new HeadObjectCommand({ Bucket: source.bucket, Key: source.key });
	const head = await client.send(command, { abortSignal }).catch((error: unknown) => {
		throw readSdkError(error).status === 404 ? sourceGone(source, error) : error;
	});
	if (unquote(head.ETag) !== etag) throw sourceChanged(source);
}

/** Tells a source that is gone, or another by now, from what may be wrong with the upload. */
export function throwCopyError(cause: unknown, { source }: ObjectRange): never {
	const { code, status } = readSdkError(cause);
	if (status === 412) throw sourceChanged(source, cause);
	throw code === "NoSuchKey" ? sourceGone(source, cause) : cause;
}

function sourceChanged({ bucket, key }: ObjectAddress, cause?: unknown): SourceError {
	const origin = `s3://${bucket}/${key}`;
	return new SourceError("SOURCE_CHANGED", `${origin} is not what it was when it was looked at`, {
		origin,
		cause,
	});
}

function sourceGone({ bucket, key }: ObjectAddress, cause: unknown): SourceError {
	const origin = `s3://${bucket}/${key}`;
	return new SourceError("SOURCE_NOT_FOUND", `${origin} is not there any more`, { origin, cause });
}
