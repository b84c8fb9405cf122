import type { Redis, RedisOptions } from "ioredis";
import { onAbort } from "../../async/abort-listeners.ts";
import { messageOf } from "../../errors.ts";
import { loadIoredis } from "../load-bullmq.ts";
import { QueueError } from "../queue-error.ts";

/** A connection to Redis that has come about. */
export interface OpenRedis {
	readonly client: Redis;
	/** Its address without user and password. */
	readonly shown: string;
	/** Rejects when the connection was lost and does not come back; never resolves. */
	readonly lost: Promise<never>;
	close(): void;
}

/** How the first connection comes about. */
export interface FirstContact {
	/** Milliseconds that it may take. */
	readonly firstContactMs: number;
	readonly signal: AbortSignal | undefined;
	/** Is told once that it does not come about at once, and once each time that it is lost. */
	readonly onProblem: ((message: string) => void) | undefined;
}

const LONGEST_DELAY_MS = 2_000;
/** Attempts to get a lost connection back: about ten minutes. */
const MAX_ATTEMPTS = 300;
/** What no second attempt makes better. */
const REFUSAL = /^(?:WRONGPASS|NOAUTH|NOPERM|DENIED|ERR (?:AUTH|Client sent AUTH|invalid password|DB index))/;
const NOT_REDIS = /Protocol error|Unknown RESP type/;
/** Certificates that are not trusted, and hosts that speak no TLS. */
const TLS_FAILURE = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|EPROTO|ERR_SSL/;

/**
 * Connects to a Redis, and tries for a while if it is not there yet. A connection that is lost later is made again for ten minutes.
 *
 * @throws {QueueError} `NETWORK` if it cannot be reached, `QUEUE_REFUSED` if it does not let us in.
 */
export async function openRedis(
	options: RedisOptions,
	shown: string,
	contact: FirstContact,
): Promise<OpenRedis> {
	const { firstContactMs, signal } = contact;
	const { Redis } = await loadIoredis();
	signal?.throwIfAborted();
	const settings: RedisOptions = {
		connectTimeout: Math.min(10_000, firstContactMs),
		retryStrategy: (attempt) =>
			attempt > MAX_ATTEMPTS ? null : Math.min(50 * 2 ** Math.min(attempt, 10), LONGEST_DELAY_MS),
		...options,
		lazyConnect: true,
		maxRetriesPerRequest: null, // a worker waits for its queue
	};
	const client = new Redis({ ...settings, replyMapping: "legacy" }); // as BullMQ reads it
	try {
		await firstContact(client, shown, contact);
	} catch (error) {
		client.disconnect();
		throw error;
	}
	let closed = false;
	const lost = new Promise<never>((_resolve, reject) => {
		let latest: unknown;
		client.on("error", (error) => {
			if (latest === undefined && !closed)
				contact.onProblem?.(`${unreachable(shown, error).message}; trying to get the connection back`);
			latest = error;
		});
		client.on("ready", () => {
			latest = undefined;
		});
		client.once("end", () => {
			if (!closed) reject(unreachable(shown, latest));
		});
	});
	lost.catch(() => {}); // whoever waits for it hears of it
	return {
		...{ client, shown, lost },
		close() {
			closed = true;
			client.disconnect();
		},
	};
}

function firstContact(
	client: Redis,
	shown: string,
	{ firstContactMs, signal, onProblem }: FirstContact,
): Promise<void> {
	return new Promise((resolve, reject) => {
		let latest: unknown;
		client.on("error", () => {}); // an error that nobody listens to is printed
		const settle = (done: () => void) => {
			clearTimeout(timer);
			release();
			client.off("error", onError).off("ready", onReady);
			done();
		};
		const onReady = () => settle(resolve);
		const onError = (error: unknown) => {
			const refusal = refusalOf(shown, error);
			if (refusal !== undefined) return settle(() => reject(refusal));
			if (latest === undefined)
				onProblem?.(`${unreachable(shown, error).message}; trying for ${Math.ceil(firstContactMs / 1000)} s`);
			latest = error;
		};
		const timer = setTimeout(() => settle(() => reject(unreachable(shown, latest))), firstContactMs);
		client.on("error", onError).once("ready", onReady);
		const release = onAbort(signal, (reason) => setImmediate(() => settle(() => reject(reason))));
		client.connect().catch(() => {}); // told as an error as well
	});
}

function refusalOf(shown: string, error: unknown): QueueError | undefined {
	const message = messageOf(error);
	if (REFUSAL.test(message))
		return new QueueError("QUEUE_REFUSED", `${shown} refuses the connection: ${message}`, { cause: error });
	if (NOT_REDIS.test(message))
		return new QueueError("QUEUE_REFUSED", `what answers at ${shown} is no Redis`, { cause: error });
	const { code = "" } = error instanceof Error && "code" in error ? { code: String(error.code) } : {};
	return TLS_FAILURE.test(code) ? unreachable(shown, error) : undefined;
}

function unreachable(shown: string, cause: unknown): QueueError {
	const said = cause === undefined ? "no answer" : messageOf(cause) || "no answer"; // several addresses have no message
	return new QueueError("NETWORK", `cannot reach the queue at ${shown}: ${said}`, { cause });
}
