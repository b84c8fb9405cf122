import type { UploadPartCopyCommandOutput } from "@aws-sdk/client-s3";
import { SourceError } from "../errors.ts";
import type { ObjectRange } from "./object-range.ts";
import { type PartHash, type PartReceipt, unquote } from "./part-receipt.ts";
import { readSdkError, UnexpectedAnswerError } from "./sdk-error.ts";

/** What the storage says of a part that it has copied: nobody else has seen the bytes. */
export function copyReceipt(answer: UploadPartCopyCommandOutput, kind: PartHash["kind"]): PartReceipt {
	const { ETag, ChecksumCRC32 } = answer.CopyPartResult ?? {};
	const etag = unquote(ETag);
	if (!etag) throw new UnexpectedAnswerError("the answer has no ETag; is the endpoint an S3 storage?");
	if (kind === "crc32" && ChecksumCRC32 === undefined)
		throw new UnexpectedAnswerError("the answer has no CRC-32 of the part; does the storage keep checksums?");
	const opaque =
		answer.ServerSideEncryption?.startsWith("aws:kms") || answer.SSECustomerAlgorithm !== undefined;
	return { etag, crc32: ChecksumCRC32, md5: opaque || !/^[0-9a-f]{32}$/.test(etag) ? undefined : etag };
}

/** Tells a source that is gone, or another by now, from what may be wrong with the upload. */
export function throwCopyError(cause: unknown, { source }: ObjectRange): never {
	const { code, status } = readSdkError(cause);
	const origin = `s3://${source.bucket}/${source.key}`;
	if (status === 412)
		throw new SourceError("SOURCE_CHANGED", `${origin} is not what it was when it was looked at`, {
			origin,
			cause,
		});
	if (code === "NoSuchKey")
		throw new SourceError("SOURCE_NOT_FOUND", `${origin} is not there any more`, { origin, cause });
	throw cause;
}
