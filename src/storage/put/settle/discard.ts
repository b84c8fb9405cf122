import { DeleteObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { StorageError } from "../../../errors.ts";
import type { ObjectAddress } from "../../../s3/address.ts";
import type { Connection } from "../../../s3/connection.ts";
import { factsOf } from "../../../s3/errors/refusals.ts";
import { readSdkError } from "../../../s3/errors/sdk-error.ts";
import { expectObjectHead } from "../../../s3/expected-answers.ts";
import { unquote } from "../../../s3/object-proof.ts";
import { send } from "../../../s3/send.ts";

/** How long it is tried to take an object back. */
const UNDO_TIME_MS = 10_000;

/** Which of the objects under a key is ours, as far as the storage has told. */
export interface OwnObject {
	readonly versionId: string | undefined;
	readonly etag: string | undefined;
}

/**
 * Takes back an object that is not what was sent, if it is ours; a version behind it comes back. What
 * somebody else has put there meanwhile is not touched.
 *
 * @param error - What is wrong with it.
 * @param hurry - Gives it up.
 * @returns `error`, and what has become of the object
 */
export async function discard(
	connection: Connection,
	{ bucket, key }: ObjectAddress,
	own: OwnObject,
	error: StorageError,
	hurry: AbortSignal,
): Promise<StorageError> {
	const integrity = (text: string, cause?: unknown) =>
		new StorageError("INTEGRITY", `${error.message}; ${text}`, {
			...error.facts,
			...(cause === undefined ? {} : { cause }),
		});
	try {
		switch (await deleteOwn(connection, { bucket, key }, own, hurry)) {
			case "deleted":
				return integrity("the object was deleted");
			case "replaced":
				return integrity("another upload has replaced it meanwhile, and that one was left as it is");
			case "version-deleted":
				return integrity(`version ${own.versionId} was deleted; the previous version is current again`);
			case "hidden":
				return integrity(
					`version ${own.versionId} cannot be deleted, as if it were locked; a delete marker hides it and the versions before it`,
				);
			case "version-left":
				return integrity(
					`version ${own.versionId} cannot be deleted, as if it were locked; another upload has come behind it`,
				);
		}
	} catch (cause) {
		return integrity(`do not use it: it could not be deleted (${readSdkError(cause).message})`, cause);
	}
}

/** What has become of an object that was to be deleted. */
type Deletion = "deleted" | "version-deleted" | "replaced" | "hidden" | "version-left";

/**
 * Deletes an object if it is still ours. A version that the storage does not let go is hidden by a delete marker, if it is the current
 * one.
 */
export async function deleteOwn(
	connection: Connection,
	{ bucket, key }: ObjectAddress,
	own: OwnObject,
	hurry: AbortSignal,
): Promise<Deletion> {
	const object = { Bucket: bucket, Key: key };
	const undo = { retryTimeMs: UNDO_TIME_MS, signal: hurry };
	const look = () => send(connection, new HeadObjectCommand(object), { ...undo, check: expectObjectHead });
	if (own.versionId === undefined) {
		const { ETag } = await look();
		if (own.etag !== undefined && unquote(ETag) !== own.etag) return "replaced";
		await send(connection, new DeleteObjectCommand(object), undo);
		return "deleted";
	}
	try {
		await send(connection, new DeleteObjectCommand({ ...object, VersionId: own.versionId }), undo);
		return "version-deleted";
	} catch (error) {
		if (!LOCKED.has(factsOf(error).status ?? 0)) throw error;
		const { VersionId } = await look();
		if (VersionId !== own.versionId) return "version-left";
		await send(connection, new DeleteObjectCommand(object), undo);
		return "hidden";
	}
}

/** How storages refuse to delete a version that is locked: AWS and Ceph with 403, MinIO with 400. */
const LOCKED: ReadonlySet<number> = new Set([400, 403]);
