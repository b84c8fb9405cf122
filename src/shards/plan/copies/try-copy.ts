import type { Connection } from "../../../s3/connection.ts";
import { onRepeated } from "../../../storage/put/requests/ask.ts";
import type { UploadTarget } from "../../../storage/put/requests/object-commands.ts";
import { copyPart } from "../../../storage/put/requests/part-sender.ts";
import { isRefusedCopy } from "../../../upload/compose-objects.ts";
import type { CopyCandidate } from "./copy-candidates.ts";

/** How a copy is tried. */
export interface CopyTrying {
	/** Milliseconds for which the request is repeated. */
	readonly retryTimeMs: number;
	readonly signal: AbortSignal;
	readonly onRetry: (operation: string, reason: string, waitMs: number) => void;
}

/** A worker replaces it in any case. */
const PART_NUMBER = 1;

/**
 * Has the storage copy as little as it can into the upload.
 *
 * @returns what it refuses that with, if it does.
 * @throws {SourceError} if the object is gone, or another by now.
 * @throws {StorageError} if it cannot be reached.
 */
export async function tryCopy(
	connection: Connection,
	target: UploadTarget,
	{ source, etag }: CopyCandidate,
	{ retryTimeMs, signal, onRetry }: CopyTrying,
): Promise<unknown> {
	const range = { source, etag, offset: 0, byteLength: connection.provider.limits.minPartSize };
	try {
		await copyPart(connection, target, PART_NUMBER, range, {
			...{ retryTimeMs, signal },
			onFailure: onRepeated(onRetry),
		});
		return undefined;
	} catch (error) {
		if (isRefusedCopy(error)) return error;
		throw error;
	}
}
