import { abortLater } from "../../async/abort-later.ts";
import type { Connection } from "../../s3/connection.ts";
import type { LostCreate } from "../../storage/incomplete/lost-uploads.ts";
import { onRepeated } from "../../storage/put/requests/ask.ts";
import { createUpload } from "../../storage/put/requests/create-upload.ts";
import type { Failure, Operation } from "../../storage/put/requests/operations.ts";
import type { Destination } from "../../storage/put/transport.ts";

/** How the upload of an archive is begun. */
export interface Beginning {
	readonly retryTimeMs: number;
	readonly signal: AbortSignal;
	readonly onRetry: (operation: string, reason: string, waitMs: number) => void;
	/** Told if there may be an upload whose id was lost with a response, whether a later attempt succeeded or not. */
	readonly onLost: (lost: () => LostCreate) => void;
}

/** How long the response to Create is waited for when everything else stops: without its id nobody can abort the upload. */
const CREATE_GRACE_MS = 2_000;

/**
 * Begins the upload that all workers send parts of.
 *
 * @returns its id
 */
export async function beginUpload(
	connection: Connection,
	destination: Destination,
	{ retryTimeMs, signal, onRetry, onLost }: Beginning,
): Promise<string> {
	const sentAt = performance.now();
	let endedAt = sentAt;
	let isLost = false;
	const tellRetry = onRepeated(onRetry);
	let uploadId: string | undefined;
	try {
		uploadId = await createUpload(connection, destination, {
			...{ retryTimeMs, signal },
			attemptSignal: abortLater(signal, CREATE_GRACE_MS),
			onAttemptEnded: () => {
				endedAt = performance.now();
			},
			onFailure(operation: Operation, failure: Failure, waitMs?: number) {
				if (operation.aftermath(failure) === "upload") isLost = true;
				tellRetry(operation, failure, waitMs);
			},
		});
		return uploadId;
	} finally {
		const lost = () => ({ sentMs: performance.now() - sentAt, durationMs: endedAt - sentAt, uploadId });
		if (isLost) onLost(lost);
	}
}
