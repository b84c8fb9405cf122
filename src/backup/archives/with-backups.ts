import { withOwnSignal } from "../../async/any-signal.ts";
import { resolveOptions } from "../../options/resolve-options.ts";
import type { Connection } from "../../s3/connection.ts";
import { checkCredentials } from "../../s3/credentials.ts";
import type { RequestOptions } from "../../s3/objects/request-options.ts";
import { openConnection } from "../../s3/open-connection.ts";
import { NAME_REPETITIONS } from "../../s3/retry.ts";
import { BACKUPS_SCHEMA, type BackupsOptions } from "./options.ts";

/** Requests at once. */
const CONCURRENCY = 16;

/** Connects to the bucket of a job, and closes the connection when the work is done. */
export async function withBackups<Result>(
	bucket: string,
	options: BackupsOptions,
	use: (connection: Connection, requests: RequestOptions) => Promise<Result>,
): Promise<Result> {
	const settings = resolveOptions(BACKUPS_SCHEMA, options);
	return withOwnSignal(settings, async ({ signal, onEvent, retryTimeMs, ...own }) => {
		const connection = await openConnection(own, bucket, CONCURRENCY, onEvent);
		try {
			await checkCredentials(connection.client, signal);
			return await use(connection, {
				signal,
				retryTimeMs,
				nameRepetitions: retryTimeMs === undefined ? NAME_REPETITIONS : undefined,
				onRetry: ({ code }, waitMs, operation) =>
					onEvent?.({ type: "retry", operation, reason: code, waitMs }),
			});
		} finally {
			connection.close();
		}
	});
}
