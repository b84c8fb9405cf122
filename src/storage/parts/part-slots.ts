import pLimit from "p-limit";
import type { SdkError } from "../../s3/errors/sdk-error.ts";

/** Parts without complaint after which one more is sent at once again. */
const RECOVER_AFTER = 10;

/** How many parts are under way at once: fewer after the storage has complained, and then slowly more again. */
export class PartSlots {
	readonly #most: number;
	readonly #limit: ReturnType<typeof pLimit>;

	/** @param most - Under way at once, as long as nobody complains. */
	constructor(most: number) {
		this.#most = most;
		this.#limit = pLimit(most);
	}

	/** Sends as soon as there is a slot, which is taken until the end of it, repetitions included. */
	run<Result>(send: () => Promise<Result>): Promise<Result> {
		return this.#limit(send);
	}

	/** If the storage has had enough: fewer at once, down to one. */
	noteFailure({ code, status }: Pick<SdkError, "code" | "status">): void {
		if (code === "SlowDown" || status === 503 || status === 429)
			this.#limit.concurrency = Math.max(1, Math.floor(this.#limit.concurrency / 2));
	}

	/**
	 * Takes up speed again after complaints.
	 *
	 * @param count - Parts confirmed so far.
	 */
	noteConfirmed(count: number): void {
		if (this.#limit.concurrency < this.#most && count % RECOVER_AFTER === 0) this.#limit.concurrency += 1;
	}
}
