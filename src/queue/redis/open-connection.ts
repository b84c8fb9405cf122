import { readFile } from "node:fs/promises";
import type { ConnectionOptions } from "bullmq";
import type { RedisOptions } from "ioredis";
import { InvalidOptionError, messageOf } from "../../errors.ts";
import { checkServer, type InfoClient } from "./check-server.ts";
import { openRedis } from "./open-redis.ts";
import { parseRedisUrl, type RedisAddress } from "./redis-url.ts";

/** How long it is tried, and whom to trust. */
export interface ConnectionSettings {
	/** PEM file with certificate authorities to trust; see {@link ZipWorkerOptions.redisCaFile}. */
	readonly redisCaFile?: string | undefined;
	/** Milliseconds in which the first connection has to come about. */
	readonly retryTimeMs?: number | undefined;
	readonly signal?: AbortSignal | undefined;
	/** Is told once that the connection does not come about at once, and once each time that it is lost. */
	readonly onProblem?: ((message: string) => void) | undefined;
}

/** A connection as BullMQ takes it, to a server that keeps a queue. */
export interface OpenConnection {
	readonly connection: ConnectionOptions;
	/** Rejects when it was lost and does not come back; never resolves. */
	readonly lost: Promise<never>;
	/** Closes it, unless it is the caller's. */
	close(): void;
}

/** How long a queue is tried at first, if nothing else is said. */
export const FIRST_CONTACT_MS = 30_000;

/**
 * Opens a connection to a queue, and makes sure that its server is one that keeps jobs.
 *
 * @param given - A URL, options of ioredis, or a client, which stays open.
 * @throws {QueueError} `NETWORK` if it cannot be reached, `QUEUE_REFUSED` if it does not let us in or loses jobs.
 */
export async function openConnection(
	given: string | ConnectionOptions,
	{ redisCaFile, retryTimeMs: firstContactMs = FIRST_CONTACT_MS, signal, onProblem }: ConnectionSettings = {},
): Promise<OpenConnection> {
	if (isClient(given)) {
		await checkServer(given as unknown as InfoClient, "the queue"); // all of them have it
		return { connection: given, lost: new Promise<never>(() => {}), close() {} };
	}
	const address = typeof given === "string" ? parseRedisUrl(given) : undefined;
	const options = address === undefined ? (given as RedisOptions) : await optionsOf(address, redisCaFile);
	const shown = address?.shown ?? shownOf(options);
	const { client, lost, close } = await openRedis(options, shown, { firstContactMs, signal, onProblem });
	try {
		await checkServer(client, shown);
	} catch (error) {
		close();
		throw error;
	}
	return { connection: client, lost, close };
}

function isClient(given: string | ConnectionOptions): given is Exclude<ConnectionOptions, RedisOptions> {
	return typeof given === "object" && "duplicate" in given && typeof given.duplicate === "function";
}

async function optionsOf(address: RedisAddress, caFile: string | undefined): Promise<RedisOptions> {
	const { host, port, db, username, password, tls } = address;
	const ca = caFile === undefined ? {} : { ca: await readAuthorities(caFile) };
	return {
		...{ host, port, db },
		...(username === undefined ? {} : { username }),
		...(password === undefined ? {} : { password }),
		...(tls ? { tls: { ...ca, servername: serverName(host) } } : {}),
	};
}

function shownOf({ host = "127.0.0.1", port = 6379 }: RedisOptions): string {
	return `redis://${host}:${port}`;
}

/** Names of hosts only: TLS has none for addresses. */
function serverName(host: string): string {
	return /^[\d.]+$|:/.test(host) ? "" : host;
}

async function readAuthorities(file: string): Promise<string> {
	try {
		return await readFile(file, "utf8");
	} catch (error) {
		const rule = `cannot be read: ${messageOf(error)}`;
		throw new InvalidOptionError(`redisCaFile ${rule}`, { option: "redisCaFile", rule, cause: error });
	}
}
