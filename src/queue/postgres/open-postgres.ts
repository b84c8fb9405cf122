import { setTimeout as delay } from "node:timers/promises";
import type { createPostgresBackend, PgPool, PgPoolClient } from "bullmq";
import { InvalidOptionError, messageOf } from "../../errors.ts";
import { loadBullmq, loadPg } from "../load-bullmq.ts";
import { QueueError } from "../queue-error.ts";
import { type ConnectionSettings, FIRST_CONTACT_MS } from "../redis/open-connection.ts";
import { isAway, PatientPool } from "./patient-pool.ts";
import { shownPostgresUrl } from "./postgres-url.ts";

/** A PostgreSQL that keeps a queue. */
export interface OpenPostgres {
	readonly pool: PgPool;
	readonly factory: typeof createPostgresBackend;
	/** Rejects when it was lost and does not come back; never resolves. */
	readonly lost: Promise<never>;
	close(): void;
}

const PATIENCE_MS = 600_000;
const DELAY_MS = 500;
const KEEP_ALIVE_MS = 10_000;

/**
 * Connects to a PostgreSQL, tries for a while if it is not there yet, and sets up BullMQ's tables where they are missing. A server that is
 * away later is waited for ten minutes.
 *
 * @throws {QueueError} `NETWORK` if it cannot be reached, `QUEUE_REFUSED` if it does not let us in, or is not fit.
 */
export async function openPostgres(
	url: string,
	{ retryTimeMs: firstContactMs = FIRST_CONTACT_MS, signal, onProblem }: ConnectionSettings,
): Promise<OpenPostgres> {
	const shown = shownPostgresUrl(url);
	const [{ Pool }, bullmq] = await Promise.all([loadPg(), loadBullmq()]);
	signal?.throwIfAborted();
	const raw = openPool(() => {
		const pool = new Pool({
			connectionString: url,
			connectionTimeoutMillis: Math.min(10_000, firstContactMs),
			keepAlive: true,
			keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
			options: `-c search_path=${bullmq.DEFAULT_SCHEMA}`,
		});
		return pool as unknown as PgPool; // the types of its listeners say the same in another way
	});
	raw.on("error", () => {}); // whoever asks next is told
	try {
		await firstContact(raw, shown, { firstContactMs, signal, onProblem });
	} catch (error) {
		raw.end().catch(() => {});
		throw error;
	}
	let reject: (reason: QueueError) => void = () => {};
	const lost = new Promise<never>((_resolve, rejectLost) => {
		reject = rejectLost;
	});
	lost.catch(() => {}); // whoever waits for it hears of it
	const pool = new PatientPool(raw, {
		patienceMs: PATIENCE_MS,
		onAway: (error) => onProblem?.(`${unreachable(shown, error).message}; trying to get the connection back`),
		onLost: (error) => reject(unreachable(shown, error)),
	});
	return {
		...{ pool, lost, factory: bullmq.createPostgresBackend },
		close() {
			pool.end().catch(() => {});
		},
	};
}

/** Files that the URL names are read here. */
function openPool(open: () => PgPool): PgPool {
	try {
		return open();
	} catch (error) {
		throw new InvalidOptionError(`postgres has settings that cannot be used: ${messageOf(error)}`, {
			...{ option: "postgres", rule: `has settings that cannot be used: ${messageOf(error)}` },
			cause: error,
		});
	}
}

async function firstContact(
	pool: PgPool,
	shown: string,
	{
		firstContactMs,
		signal,
		onProblem,
	}: Pick<ConnectionSettings, "signal" | "onProblem"> & { readonly firstContactMs: number },
): Promise<void> {
	const deadline = Date.now() + firstContactMs;
	for (let isFirst = true; ; isFirst = false) {
		try {
			await withClient(pool, (client) => checkServer(client, shown));
			return;
		} catch (error) {
			if (error instanceof QueueError) throw error;
			if (!isAway(error)) throw refused(shown, error);
			if (Date.now() + DELAY_MS > deadline) throw unreachable(shown, error);
			if (isFirst)
				onProblem?.(`${unreachable(shown, error).message}; trying for ${Math.ceil(firstContactMs / 1000)} s`);
			await delay(DELAY_MS, undefined, { signal }).catch(() => signal?.throwIfAborted());
		}
	}
}

async function withClient(pool: PgPool, use: (client: PgPoolClient) => Promise<void>): Promise<void> {
	const client = await pool.connect();
	let failed = true;
	try {
		await use(client);
		failed = false;
	} finally {
		client.release(failed);
	}
}

/** Makes sure that it can be written to, and that it has the tables of a queue. */
async function checkServer(client: PgPoolClient, shown: string): Promise<void> {
	const { rows } = await client.query<{ readonly replica: boolean }>("SELECT pg_is_in_recovery() AS replica");
	if (rows[0]?.replica === true)
		throw new QueueError(
			"QUEUE_REFUSED",
			`${shown} is a replica, which cannot be written to; name its primary`,
		);
	const { assertSchemaCompatibility, SchemaMigrationRequiredError, LATEST_SCHEMA_VERSION, runMigrations } =
		await loadBullmq();
	// Whoever may use them need not have the right to make them.
	const version = await assertSchemaCompatibility(client).catch((error: unknown) => {
		if (error instanceof SchemaMigrationRequiredError) return 0;
		throw error;
	});
	if (version < LATEST_SCHEMA_VERSION) await runMigrations(client);
}

function refused(shown: string, cause: unknown): QueueError {
	return new QueueError("QUEUE_REFUSED", `${shown} refuses the connection: ${messageOf(cause)}`, { cause });
}

function unreachable(shown: string, cause: unknown): QueueError {
	const said = messageOf(cause) || "no answer"; // several addresses have no message
	return new QueueError("NETWORK", `cannot reach the queue at ${shown}: ${said}`, { cause });
}
