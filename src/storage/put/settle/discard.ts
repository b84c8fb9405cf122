import { DeleteObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { StorageError } from "../../../errors.ts";
import type { ObjectAddress } from "../../../s3/address.ts";
import type { Connection } from "../../../s3/connection.ts";
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
	const object = { Bucket: bucket, Key: key };
	const undo = { retryTimeMs: UNDO_TIME_MS, signal: hurry };
	const integrity = (text: string, cause?: unknown) =>
		new StorageError("INTEGRITY", `${error.message}; ${text}`, {
			...error.facts,
			...(cause === undefined ? {} : { cause }),
		});
	try {
		if (own.versionId === undefined) {
			const { ETag } = await send(connection, new HeadObjectCommand(object), {
				...undo,
				check: expectObjectHead,
			});
			if (own.etag !== undefined && unquote(ETag) !== own.etag)
				return integrity("another upload has replaced it meanwhile, and that one was left as it is");
			await send(connection, new DeleteObjectCommand(object), undo);
			return integrity("the object was deleted");
		}
		await send(connection, new DeleteObjectCommand({ ...object, VersionId: own.versionId }), undo);
		return integrity(`version ${own.versionId} was deleted; the previous version is current again`);
	} catch (cause) {
		return integrity(`do not use it: it could not be deleted (${readSdkError(cause).message})`, cause);
	}
}
