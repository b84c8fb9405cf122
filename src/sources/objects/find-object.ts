import { SourceError } from "../../errors.ts";
import type { PrefixAddress } from "../../s3/address.ts";
import { headObject } from "../../s3/objects/head-object.ts";
import { type ListedObject, listObjects } from "../../s3/objects/list-objects.ts";
import { firstContact } from "../../s3/retry.ts";
import { isPrefix } from "./object-address.ts";
import { originOf, requestOptions, type SourceBucket } from "./source-bucket.ts";

/** What there is under an address. */
export type Found =
	| { readonly kind: "object"; readonly object: ListedObject }
	/** Objects below a prefix, which is empty or ends in `/`. */
	| { readonly kind: "prefix"; readonly prefix: string }
	| { readonly kind: "nothing"; readonly error: SourceError };

/**
 * Asks what an address means: the object of this key, otherwise what is below it as below a directory, which rclone and every command
 * for files find under its name with or without a slash.
 *
 * @throws {StorageError}
 */
export async function findObject(
	bucket: SourceBucket,
	address: PrefixAddress,
	signal: AbortSignal | undefined,
): Promise<Found> {
	const options = { ...requestOptions(bucket, signal), ...firstContact(undefined) };
	const { connection } = bucket;
	if (!isPrefix(address)) {
		const { bucket: name, prefix: key } = address;
		const head = await headObject(connection, { bucket: name, key }, options);
		if (head !== undefined) {
			const { size, etag, lastModified, storageClass } = head;
			return { kind: "object", object: { key, size, etag, lastModified, storageClass } };
		}
	}
	const prefix = isPrefix(address) ? address.prefix : `${address.prefix}/`;
	for await (const { objects } of listObjects(
		connection,
		{ ...address, prefix },
		{ ...options, pageSize: 1 },
	))
		if (objects.length > 0) return { kind: "prefix", prefix };
	// A bucket that is empty is there.
	return prefix === "" ? { kind: "prefix", prefix } : { kind: "nothing", error: nothingAt(address) };
}

function nothingAt(address: PrefixAddress): SourceError {
	const origin = originOf({ bucket: address.bucket, key: address.prefix });
	const message = isPrefix(address)
		? `there are no objects below ${origin}`
		: `${origin} does not exist, and there are no objects below ${origin}/`;
	return new SourceError("SOURCE_NOT_FOUND", message, { origin });
}
