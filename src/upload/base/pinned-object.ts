import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { headObject, type ObjectHead } from "../../s3/objects/head-object.ts";
import type { RequestOptions } from "../../s3/objects/request-options.ts";
import { sourceChanged, sourceGone } from "../../storage/parts/copied-part.ts";

/** The state of an object, which no other one is taken for. */
export interface PinnedObject extends ObjectAddress {
	readonly etag: string;
	/** On buckets that keep versions. */
	readonly versionId: string | undefined;
	/** Bytes. */
	readonly size: number;
}

/** The state in which an object was found. */
export function pinObject(
	{ bucket, key }: ObjectAddress,
	{ etag, versionId, size }: Pick<ObjectHead, "etag" | "versionId" | "size">,
): PinnedObject {
	return { bucket, key, etag, versionId: realVersion(versionId), size };
}

/** Buckets that do not keep versions any more give objects the version "null", under which another one may stand later. */
export function realVersion(versionId: string | undefined): string | undefined {
	return versionId === "null" ? undefined : versionId;
}

/**
 * Makes sure that an object is still the one that its key stands for.
 *
 * @throws {SourceError}
 */
export async function proveCurrent(
	connection: Connection,
	pinned: PinnedObject,
	options: RequestOptions,
): Promise<void> {
	const head = await headObject(connection, pinned, options);
	if (head === undefined) throw sourceGone(pinned);
	const isSame =
		head.etag === pinned.etag &&
		(pinned.versionId === undefined || head.versionId === undefined || head.versionId === pinned.versionId);
	if (!isSame) throw sourceChanged(pinned);
}
