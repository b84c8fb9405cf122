import { HeadObjectCommand, type HeadObjectCommandOutput, type S3Client } from "@aws-sdk/client-s3";
import { StorageError } from "../errors.ts";
import type { ObjectAddress } from "./s3-url.ts";
import { unquote } from "./upload-session.ts";

/** What the object must be like. */
export interface Expectation {
	/** Bytes. */
	readonly size: number;
	/** `undefined` where the storage's ETags cannot be computed. */
	readonly etag: string | undefined;
}

/** What the storage says it holds. */
export interface StoredObject {
	readonly etag: string;
	readonly versionId: string | undefined;
}

/**
 * Asks the storage what it holds under the key and compares.
 *
 * @throws {StorageError} `INTEGRITY` if it is something else than was sent.
 */
export async function proveObject(
	client: S3Client,
	{ bucket, key }: ObjectAddress,
	expected: Expectation,
): Promise<StoredObject> {
	const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
	const difference = describeDifference(head, expected);
	if (difference !== undefined) {
		throw new StorageError("INTEGRITY", `s3://${bucket}/${key} is not what was sent: ${difference}`, {
			bucket,
			key,
		});
	}
	return { etag: unquote(head.ETag) ?? "", versionId: head.VersionId };
}

/** An ETag that is built like an MD5, or like the MD5 of this many MD5s. Others mean nothing to us. */
const MD5_ETAG = /^[0-9a-f]{32}(-\d+)?$/;

function describeDifference(head: HeadObjectCommandOutput, { size, etag }: Expectation): string | undefined {
	if (head.ContentLength !== size) return `it has ${head.ContentLength} bytes, not ${size}`;
	const stored = unquote(head.ETag);
	if (etag === undefined || stored === undefined || !MD5_ETAG.test(stored)) return undefined;
	return stored === etag ? undefined : `its ETag is ${stored}, not ${etag}`;
}
