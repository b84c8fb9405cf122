import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { withRetries } from "../../s3/retry.ts";
import { readSdkError, type SdkError } from "../../s3/sdk-error.ts";
import { toStorageError } from "../../s3/storage-errors.ts";
import type { Operation } from "./operations.ts";

/** How a request is sent, and who is told when that fails. */
export interface Asking {
	readonly address: ObjectAddress;
	/** Milliseconds for which it is repeated. */
	readonly retryTimeMs: number;
	/** Ends it. */
	readonly signal: AbortSignal;
	/** Told of each attempt that has failed; `waitMs` is set if another one follows. */
	readonly onFailure: (operation: Operation, failure: SdkError, waitMs?: number) => void;
}

/**
 * Sends one request of an upload, and repeats it where that may help.
 *
 * @throws {StorageError} what has failed last; the signal's reason as it is
 */
export async function ask<Answer>(
	connection: Connection,
	operation: Operation,
	send: () => Promise<Answer>,
	{ address, retryTimeMs, signal, onFailure }: Asking,
): Promise<Answer> {
	try {
		return await withRetries(send, {
			budgetMs: retryTimeMs,
			stop: signal,
			refreshCredentials: () => refreshCredentials(connection),
			onRetry: (failure, waitMs) => onFailure(operation, failure, waitMs),
		});
	} catch (error) {
		onFailure(operation, readSdkError(error));
		throw signal.aborted && signal.reason === error ? error : toStorageError(error, operation.name, address);
	}
}

/** Clients of ours keep credentials of their own, those of a caller's client share them. */
async function refreshCredentials({ client, patient }: Connection): Promise<void> {
	for (const refresh of new Set([client.config.credentials, patient.config.credentials]))
		await refresh({ forceRefresh: true });
}
