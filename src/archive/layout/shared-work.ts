import pLimit, { type LimitFunction } from "p-limit";
import { abortable } from "../../async/abortable.ts";
import { requestController } from "../../async/request-controller.ts";

type Work<Result> = (signal: AbortSignal) => Promise<Result>;

/**
 * Work that takes turns, and that those share who ask for the same before it begins. Nobody joins work that is under way: what it has
 * seen may be older than the question. So there are two at most of what hundreds ask for at once: one under way, and one for all others.
 */
export class SharedWork<Result> {
	readonly #turns: LimitFunction;
	/** What can be joined, and the end of the one before. */
	readonly #waiting = new Map<string, Job<Result>>();
	readonly #ends = new Map<string, Promise<void>>();

	/** @param atOnce - How many are under way at the same time. */
	constructor(atOnce: number) {
		this.#turns = pLimit(atOnce);
	}

	/**
	 * @param key - The same for the same work; `undefined` for work that is like no other.
	 * @param work - Begins after this call. Its signal aborts when nobody waits for it any more.
	 * @param signal - Ends the wait for it.
	 */
	async do(key: string | undefined, work: Work<Result>, signal: AbortSignal): Promise<Result> {
		signal.throwIfAborted();
		if (key === undefined)
			return this.#turns(() => {
				signal.throwIfAborted();
				return work(signal);
			});
		let job = this.#waiting.get(key);
		if (job === undefined) {
			job = new Job(work);
			this.#waiting.set(key, job);
			const end = this.#runInTurn(key, job).then(() => {
				if (this.#ends.get(key) === end) this.#ends.delete(key);
			});
			this.#ends.set(key, end);
		}
		return job.join(signal);
	}

	async #runInTurn(key: string, job: Job<Result>): Promise<void> {
		await this.#ends.get(key);
		await this.#turns(() => {
			this.#waiting.delete(key); // from now on it is too late to join
			return job.run();
		});
	}
}

class Job<Result> {
	readonly #work: Work<Result>;
	readonly #ending = requestController();
	readonly #outcome: Promise<Result>;
	#settle: (outcome: Promise<Result>) => void = () => {};
	#begun = false;
	#waitingCount = 0;

	constructor(work: Work<Result>) {
		this.#work = work;
		this.#outcome = new Promise((resolve) => {
			this.#settle = resolve;
		});
		this.#outcome.catch(() => {}); // those who wait get it, if there are any
	}

	async join(signal: AbortSignal): Promise<Result> {
		this.#waitingCount += 1;
		try {
			return await abortable(this.#outcome, signal);
		} finally {
			this.#waitingCount -= 1;
			if (this.#begun && this.#waitingCount === 0) this.#ending.abort();
		}
	}

	/** Does nothing if nobody waits. */
	async run(): Promise<void> {
		if (this.#waitingCount === 0) return;
		this.#begun = true;
		this.#settle(this.#work(this.#ending.signal));
		await this.#outcome.catch(() => {});
	}
}
