import { setTimeout as delay } from "node:timers/promises";
import type { PgPool, PgPoolClient, PgQueryResult } from "bullmq";
import { messageOf } from "../../errors.ts";

/** How long a server is waited for, and who is told. */
export interface Patience {
	/** Milliseconds. */
	readonly patienceMs: number;
	/** Is told once each time that the server is away. */
	onAway(error: unknown): void;
	/** Is told when it did not come back. */
	onLost(error: unknown): void;
}

const [FIRST_DELAY_MS, LONGEST_DELAY_MS] = [100, 2_000];

/** Codes of PostgreSQL for connections that fail, servers that stop or start, and too many connections; then those of the system. */
const AWAY_CODE =
	/^(?:08...|57P0[123]|53300)$|^(?:ECONN(?:REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
const AWAY_MESSAGE = /connection terminated|connection error|timeout exceeded when trying to connect/i;

/** Whether the same may work later. */
export function isAway(error: unknown): boolean {
	const code = error instanceof Error && "code" in error ? String(error.code) : "";
	return AWAY_CODE.test(code) || AWAY_MESSAGE.test(messageOf(error));
}

/**
 * Connections to a PostgreSQL that wait for it while it is away, as a client of Redis does: BullMQ's own fail at once, and an archive with
 * them. What was under way is asked again. It may have been done: a job that was given out and has not arrived is taken over when its lock
 * ends.
 */
export class PatientPool implements PgPool {
	/** BullMQ looks here whether a connection that breaks without a word is noticed. */
	readonly options = { keepAlive: true };
	readonly #pool: PgPool;
	readonly #patience: Patience;
	readonly #ended = new AbortController();
	#isAway = false;

	constructor(pool: PgPool, patience: Patience) {
		this.#pool = pool;
		this.#patience = patience;
	}

	query<Row>(text: string, values?: readonly unknown[]): Promise<PgQueryResult<Row>> {
		return this.#patiently(() => this.#pool.query<Row>(text, values));
	}

	connect(): Promise<PgPoolClient> {
		return this.#patiently(() => this.#pool.connect());
	}

	async end(): Promise<void> {
		this.#ended.abort();
		await this.#pool.end();
	}

	/** Those who use it are told of failures by what they ask for. */
	on(): this {
		return this;
	}

	removeAllListeners(): this {
		return this;
	}

	async #patiently<Result>(ask: () => Promise<Result>): Promise<Result> {
		const deadline = Date.now() + this.#patience.patienceMs;
		for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(2 * delayMs, LONGEST_DELAY_MS)) {
			try {
				const result = await ask();
				this.#isAway = false;
				return result;
			} catch (error) {
				if (!isAway(error) || this.#ended.signal.aborted) throw error;
				if (Date.now() + delayMs > deadline) {
					this.#patience.onLost(error);
					throw error;
				}
				if (!this.#isAway) this.#patience.onAway(error);
				this.#isAway = true;
				await delay(delayMs, undefined, { signal: this.#ended.signal }).catch(() => {
					throw error;
				});
			}
		}
	}
}
