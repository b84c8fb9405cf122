import { AbortMultipartUploadCommand } from "@aws-sdk/client-s3";
import pLimit from "p-limit";
import { withOwnSignal } from "../../async/any-signal.ts";
import { InvalidOptionError } from "../../errors.ts";
import type { Connection } from "../../s3/connection.ts";
import { send } from "../../s3/send.ts";
import { toStorageError } from "../../s3/storage-errors.ts";
import { abortUpload } from "./abort-upload.ts";
import { type IncompleteUpload, type ListUploadsOptions, withUploads } from "./list-uploads.ts";
import { isUnknownUpload } from "./unknown-upload.ts";

/** Which incomplete uploads are to be removed. */
export interface AbortUploadsOptions extends ListUploadsOptions {
	/**
	 * Milliseconds without a new part after which an upload counts as abandoned; 0 takes running ones too.
	 *
	 * @defaultValue 1 day; 0 with an `uploadId`
	 */
	readonly olderThanMs?: number | undefined;
	/**
	 * Only tells what would be removed.
	 *
	 * @defaultValue `false`
	 */
	readonly dryRun?: boolean | undefined;
}

/** What became of an incomplete upload. */
export interface AbortedUpload extends IncompleteUpload {
	/** `kept`: not old enough; `selected`: would have been removed without `dryRun`. */
	readonly outcome: "removed" | "kept" | "selected" | "failed";
	/** Why it failed, usually a {@link StorageError}. */
	readonly error: unknown;
}

const DAY_MS = 86_400_000;
const CONCURRENCY = 8;
/** Long enough for a blip, short enough for hundreds. */
const RETRY_TIME_MS = 10_000;

/**
 * Removes what was begun to be uploaded under a prefix and abandoned, and makes sure that it is gone. One
 * that cannot be removed does not keep the others.
 *
 * @returns all incomplete uploads under the prefix, with what became of each
 * @throws as {@link listUploads} does.
 */
export async function abortUploads(options: AbortUploadsOptions): Promise<AbortedUpload[]> {
	return withOwnSignal(options, removeAbandoned);
}

async function removeAbandoned(options: AbortUploadsOptions): Promise<AbortedUpload[]> {
	const { bucket, signal, uploadId, dryRun = false } = options;
	const { olderThanMs = uploadId === undefined ? DAY_MS : 0 } = options;
	if (!(olderThanMs >= 0)) throw new InvalidOptionError(`olderThanMs is 0 or more, not ${olderThanMs}`);
	return withUploads(options, (connection, uploads) =>
		pLimit(CONCURRENCY).map(uploads, async (upload) => {
			if (upload.idleMs < olderThanMs) return { ...upload, outcome: "kept", error: undefined };
			if (dryRun) return { ...upload, outcome: "selected", error: undefined };
			signal?.throwIfAborted();
			const error = await remove(connection, bucket, upload, signal);
			signal?.throwIfAborted();
			return { ...upload, outcome: error === undefined ? "removed" : "failed", error };
		}),
	);
}

/** @returns why it could not be done, if so */
async function remove(
	connection: Connection,
	bucket: string,
	upload: IncompleteUpload,
	signal: AbortSignal | undefined,
): Promise<unknown> {
	const { key, uploadId } = upload;
	const address = { bucket, key };
	const command = new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId });
	try {
		await send(connection, command, { signal, retryTimeMs: RETRY_TIME_MS });
	} catch (error) {
		if (!isUnknownUpload(error)) return error;
	}
	if (await abortUpload(connection, address, uploadId, signal)) return undefined;
	return toStorageError(new Error("it still holds parts"), "AbortMultipartUpload", address);
}
