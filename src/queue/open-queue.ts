import type { BackendFactory, ConnectionOptions, RedisQueueBackend } from "bullmq";
import { loadBullmq } from "./load-bullmq.ts";
import { isPostgresUrl } from "./postgres/postgres-url.ts";
import { type ConnectionSettings, openConnection } from "./redis/open-connection.ts";

/** A server that keeps a queue, as classes of BullMQ take it. */
export interface OpenQueue {
	/** Their `connection`. */
	readonly connection: ConnectionOptions;
	/** Their last argument. */
	readonly backend: Backend;
	/** Rejects when it was lost and does not come back; never resolves. */
	readonly lost: Promise<never>;
	/** Closes it, unless it is the caller's. */
	close(): void;
}

type Backend = BackendFactory<RedisQueueBackend>;

/**
 * Opens a connection to the server of a queue, whichever it is.
 *
 * @throws {QueueError} `NETWORK` if it cannot be reached, `QUEUE_REFUSED` if it does not let us in or loses jobs.
 */
export async function openQueue(
	given: string | ConnectionOptions,
	settings: ConnectionSettings,
): Promise<OpenQueue> {
	if (typeof given !== "string" || !isPostgresUrl(given))
		return { ...(await openConnection(given, settings)), backend: (await loadBullmq()).createRedisBackend };
	const { openPostgres } = await import("./postgres/open-postgres.ts");
	const { pool, factory, lost, close } = await openPostgres(given, settings);
	// BullMQ types its classes for Redis; what differs is asked for in `same-server.ts` alone.
	const connection = pool as unknown as ConnectionOptions;
	return { connection, backend: factory as unknown as Backend, lost, close };
}
