import { StorageError } from "../../errors.ts";
import type { Lease } from "./lease-document.ts";
import { LeaseLostError } from "./lease-lost-error.ts";
import type { LeaseStore, WaitOptions } from "./lease-store.ts";

/** A lease that this run holds. */
export interface HeldLease {
	/**
	 * Makes sure, with the storage, that the lease is still ours, and will be for most of its time.
	 *
	 * @throws {LeaseLostError} `LOCKED` if another run has taken it over.
	 * @throws {StorageError} if the storage cannot tell.
	 */
	check(signal?: AbortSignal | undefined): Promise<void>;
	/** Lets others have it. Rejects if the storage does not take that; the lease ends by itself then. */
	release(): Promise<void>;
}

/** Share of its time after which it is renewed. */
const RENEWAL = 1 / 3;

/** Share of its time that has to be left after a check: for the request that depends on it. */
const MARGIN = 1 / 2;

/** Milliseconds for which a renewal in the background, or the release, is tried. */
const BACKGROUND_TRY: WaitOptions = { retryTimeMs: 15_000 };

/** Writes that conflict although the lease is ours: with one that was lost on its way, or another one of AWS's reasons. */
const MOST_TRIES = 5;

/** Milliseconds for which a check is tried. */
const CHECK_TIME_MS = 60_000;

/**
 * Renews a lease until it is released. All writes come one after the other, since each one depends on the ETag of the
 * one before.
 *
 * How much of its time is left counts from before the request was sent, so that the storage never thinks of it as
 * shorter than we do. Both clocks of this machine have to agree: one of them stands still while the machine sleeps, and
 * somebody may put the other one back.
 */
export class RenewedLease implements HeldLease {
	readonly #store: LeaseStore;
	readonly #lease: Lease;
	#etag: string;
	#written: Times;
	#lost: LeaseLostError | undefined;
	#released = false;
	#last: Promise<unknown> = Promise.resolve();
	#timer: NodeJS.Timeout | undefined;

	constructor(store: LeaseStore, lease: Lease, etag: string, written: Times) {
		this.#store = store;
		this.#lease = lease;
		this.#etag = etag;
		this.#written = written;
		this.#schedule();
	}

	async check(signal?: AbortSignal | undefined): Promise<void> {
		if (this.#released) throw new TypeError("the lease was released");
		const { durationMs } = this.#lease;
		for (let tries = 0; tries < 3; tries++) {
			signal?.throwIfAborted();
			await this.#inTurn(() => this.#renew({ signal, retryTimeMs: CHECK_TIME_MS }));
			if (durationMs - elapsedSince(this.#written) >= durationMs * MARGIN) return;
		}
		const problem = `the storage takes too long to renew ${this.#store.location}`;
		throw new StorageError("NETWORK", `${problem}, the lease of this run`);
	}

	async release(): Promise<void> {
		if (this.#released) return;
		this.#released = true;
		clearTimeout(this.#timer);
		await this.#inTurn(async () => {
			if (this.#lost !== undefined) return;
			try {
				await this.#write({ ...this.#lease, released: true }, BACKGROUND_TRY);
			} catch (error) {
				if (!(error instanceof LeaseLostError)) throw error; // it is not ours to release
			}
		});
	}

	#schedule(): void {
		const inBackground = async (): Promise<void> => {
			// A failure shows at the next check, if it lasts until then.
			await this.#inTurn(() => this.#renew(BACKGROUND_TRY)).catch(() => {});
			if (!this.#released && this.#lost === undefined) this.#schedule();
		};
		this.#timer = setTimeout(inBackground, this.#lease.durationMs * RENEWAL).unref();
	}

	#inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
		const turn = this.#last.then(work);
		this.#last = turn.catch(() => {});
		return turn;
	}

	async #renew(options: WaitOptions): Promise<void> {
		if (this.#lost !== undefined) throw this.#lost;
		if (this.#released) return;
		await this.#write(this.#lease, options);
	}

	async #write(lease: Lease, options: WaitOptions): Promise<void> {
		for (let tries = 0; tries < MOST_TRIES; tries++) {
			const times = timesNow();
			const written = await this.#store.write(lease, { etag: this.#etag }, options);
			if (typeof written === "object") {
				this.#etag = written.etag;
				this.#written = times;
				return;
			}
			// A write of ours may have arrived whose answer did not.
			const found = await this.#store.read(options);
			if (found?.lease.id !== this.#lease.id) {
				this.#lost = new LeaseLostError(this.#store.location, found?.lease);
				throw this.#lost;
			}
			this.#etag = found.etag;
		}
		const problem = `the storage does not let this run renew ${this.#store.location}`;
		throw new StorageError("STORAGE_REFUSED", `${problem}, its own lease`);
	}
}

/** A moment, by both clocks of this machine. */
export interface Times {
	/** Milliseconds since 1970. */
	readonly wall: number;
	/** Milliseconds of a clock that nobody sets. */
	readonly steady: number;
}

export function timesNow(): Times {
	return { wall: Date.now(), steady: performance.now() };
}

function elapsedSince({ wall, steady }: Times): number {
	return Math.max(Date.now() - wall, performance.now() - steady);
}
