import { anySignal } from "../async/any-signal.ts";

/** Works under way at once, up to a number. The first failure stops them, and comes out of whatever is called next. */
export class WorkPool {
	readonly #concurrency: number;
	readonly #ending = new AbortController();
	readonly #release: () => void;
	readonly #signal: AbortSignal;
	readonly #pending = new Set<Promise<void>>();
	#failure: { readonly error: unknown } | undefined;

	/** @param signal - Ends all of it. */
	constructor(concurrency: number, signal: AbortSignal | undefined) {
		const own = anySignal(signal, this.#ending.signal);
		this.#concurrency = concurrency;
		this.#signal = own.signal;
		this.#release = own.release;
	}

	/** Begins a work. Resolves when there is room for the next one; throws what has failed before. */
	async add(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
		this.#throwFailure();
		const working = work(this.#signal)
			.catch((error: unknown) => {
				this.#failure ??= { error };
				this.#ending.abort(error);
			})
			.finally(() => this.#pending.delete(working));
		this.#pending.add(working);
		while (this.#pending.size >= this.#concurrency) await Promise.race(this.#pending);
		this.#throwFailure();
	}

	/** Waits until everything is done. */
	async finish(): Promise<void> {
		await Promise.all(this.#pending);
		this.#throwFailure();
	}

	/** Ends what is under way, and waits until it has ended. */
	async close(): Promise<void> {
		this.#ending.abort();
		await Promise.all(this.#pending);
		this.#release();
	}

	#throwFailure(): void {
		if (this.#failure !== undefined) throw this.#failure.error;
	}
}
