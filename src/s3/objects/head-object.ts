import { HeadObjectCommand } from "@aws-sdk/client-s3";
import type { ObjectAddress } from "../address.ts";
import type { Connection } from "../connection.ts";
import { isNotFound } from "../errors/refusals.ts";
import { expectObjectHead } from "../expected-answers.ts";
import { md5OfEtag, unquote, wholeCrc32 } from "../object-proof.ts";
import { send } from "../send.ts";
import { type Keeping, readRestoring } from "./archived-classes.ts";
import { READ_TIME_MS, type RequestOptions } from "./request-options.ts";

/** The storage's description of an object. */
export interface ObjectHead extends Keeping {
	/** Bytes. */
	readonly size: number;
	/** As the storage gives it, without quotes. */
	readonly etag: string;
	/** On versioned buckets. */
	readonly versionId: string | undefined;
	/** To the second. */
	readonly lastModified: Date | undefined;
	/** User metadata (`x-amz-meta-*`), with names in lower case. */
	readonly metadata: Readonly<Record<string, string>>;
	readonly contentType: string | undefined;
	readonly contentDisposition: string | undefined;
	readonly cacheControl: string | undefined;
	/** How it is encrypted, as the storage names it. */
	readonly sse: string | undefined;
	/** Of the key that a key service encrypts with. */
	readonly sseKmsKeyId: string | undefined;
	/** MD5 of the bytes, hex, where the ETag is one. */
	readonly md5: string | undefined;
	/** CRC-32 of the bytes, base64, where the storage keeps one of the whole. */
	readonly crc32: string | undefined;
	/** Whether the storage keeps a CRC-32 of each part that it was uploaded in instead. */
	readonly hasPartCrc32s: boolean;
	/** Before then the storage does not let this version go, if it says so. */
	readonly lockedUntil: Date | undefined;
	/** Nor while somebody holds it, which has no end of its own. */
	readonly legalHold: boolean;
}

export interface HeadOptions extends RequestOptions {
	/** The version to look at; by default the one that counts. */
	readonly versionId?: string | undefined;
}

/**
 * Asks what is under a key.
 *
 * @returns `undefined` if there is nothing, or no such bucket: the answer to HEAD does not tell them apart.
 * @throws {StorageError}
 */
export async function headObject(
	connection: Connection,
	{ bucket, key }: ObjectAddress,
	{ versionId, signal, retryTimeMs = READ_TIME_MS, nameRepetitions, onRetry }: HeadOptions = {},
): Promise<ObjectHead | undefined> {
	const command = new HeadObjectCommand({
		Bucket: bucket,
		Key: key,
		...(versionId === undefined ? {} : { VersionId: versionId }),
		...(connection.provider.checksums ? { ChecksumMode: "ENABLED" as const } : {}),
	});
	try {
		const options = { signal, retryTimeMs, nameRepetitions, onRetry, check: expectObjectHead };
		const head = await send(connection, command, options);
		const etag = unquote(head.ETag) ?? "";
		return {
			size: head.ContentLength ?? 0,
			etag,
			versionId: head.VersionId,
			lastModified: head.LastModified,
			metadata: head.Metadata ?? {},
			contentType: head.ContentType,
			contentDisposition: head.ContentDisposition,
			cacheControl: head.CacheControl,
			sse: head.ServerSideEncryption,
			sseKmsKeyId: head.SSEKMSKeyId,
			storageClass: head.StorageClass,
			archiveTier: head.ArchiveStatus,
			restoring: readRestoring(head.Restore),
			md5: md5OfEtag(etag, head),
			crc32: wholeCrc32(head),
			hasPartCrc32s: head.ChecksumCRC32 !== undefined && head.ChecksumType === "COMPOSITE",
			lockedUntil: head.ObjectLockRetainUntilDate,
			legalHold: head.ObjectLockLegalHoldStatus === "ON",
		};
	} catch (error) {
		if (isNotFound(error)) return undefined;
		throw error;
	}
}
