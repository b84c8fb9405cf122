import { AbortMultipartUploadCommand } from "@aws-sdk/client-s3";
import pLimit from "p-limit";
import { withOwnSignal } from "../../async/any-signal.ts";
import { resolveOptions } from "../../options/resolve-options.ts";
import type { Connection } from "../../s3/connection.ts";
import { toStorageError } from "../../s3/errors/storage-errors.ts";
import { send } from "../../s3/send.ts";
import { abortUpload } from "./abort-upload.ts";
import { type IncompleteUpload, withUploads } from "./list-uploads.ts";
import {
	ABANDONED_AFTER_MS,
	ABORT_UPLOADS_SCHEMA,
	type AbortUploadsOptions,
	type AbortUploadsSettings,
} from "./options.ts";
import { isUnknownUpload } from "./unknown-upload.ts";

/** An incomplete upload after `abortUploads`, and its outcome. */
export interface AbortedUpload extends IncompleteUpload {
	/** `kept`: not old enough; `selected`: would have been removed without `dryRun`. */
	readonly outcome: "removed" | "kept" | "selected" | "failed";
	/** The error if it failed, usually a {@link StorageError}. */
	readonly error: unknown;
}

const CONCURRENCY = 8;
/** Long enough for a blip, short enough for hundreds. */
const RETRY_TIME_MS = 10_000;

/**
 * Aborts the abandoned multipart uploads under a prefix, and checks that they are gone. If one cannot be
 * removed, the others still are.
 *
 * @returns all incomplete uploads under the prefix, each with its outcome
 * @throws as {@link listUploads} does.
 */
export async function abortUploads(options: AbortUploadsOptions): Promise<AbortedUpload[]> {
	return withOwnSignal(resolveOptions(ABORT_UPLOADS_SCHEMA, options), removeAbandoned);
}

async function removeAbandoned(settings: AbortUploadsSettings): Promise<AbortedUpload[]> {
	const { uploadId, dryRun, signal } = settings;
	const { olderThanMs = uploadId === undefined ? ABANDONED_AFTER_MS : 0 } = settings;
	return withUploads(settings, (connection, uploads) =>
		pLimit(CONCURRENCY).map(uploads, async (upload) => {
			if (upload.idleMs < olderThanMs) return { ...upload, outcome: "kept", error: undefined };
			if (dryRun) return { ...upload, outcome: "selected", error: undefined };
			signal?.throwIfAborted();
			const error = await remove(connection, upload, settings);
			signal?.throwIfAborted();
			return { ...upload, outcome: error === undefined ? "removed" : "failed", error };
		}),
	);
}

/** @returns why it could not be done, if so */
async function remove(
	connection: Connection,
	{ key, uploadId }: IncompleteUpload,
	{ bucket, retryTimeMs = RETRY_TIME_MS, signal, onEvent }: AbortUploadsSettings,
): Promise<unknown> {
	const address = { bucket, key };
	const command = new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId });
	try {
		await send(connection, command, {
			signal,
			retryTimeMs,
			onRetry: ({ code }, waitMs, operation) => onEvent?.({ type: "retry", operation, reason: code, waitMs }),
		});
	} catch (error) {
		if (!isUnknownUpload(error)) return error;
	}
	if (await abortUpload(connection, address, uploadId, signal)) return undefined;
	return toStorageError(new Error("it still holds parts"), "AbortMultipartUpload", address);
}
