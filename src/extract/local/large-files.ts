import { anySignal } from "../../async/any-signal.ts";
import type { Arrivals } from "../target.ts";
import { type LargeFile, writeLarge } from "./large-file.ts";

/** Files that are written at once. */
const CONCURRENCY = 4;

/** Writes large files, several at once: Node decompresses and writes in threads of its own. */
export class LargeFiles {
	readonly #location: string;
	readonly #arrivals: Arrivals;
	readonly #ending = new AbortController();
	readonly #signal: AbortSignal;
	readonly #release: () => void;
	readonly #pending = new Set<Promise<void>>();
	#failure: { readonly error: unknown } | undefined;

	/** @param location - Of the archive. */
	constructor(location: string, arrivals: Arrivals, signal: AbortSignal | undefined) {
		this.#location = location;
		this.#arrivals = arrivals;
		const own = anySignal(signal, this.#ending.signal);
		this.#signal = own.signal;
		this.#release = own.release;
	}

	/** Takes a file. Resolves when there is room for the next one; throws what has failed before. */
	async add(file: LargeFile): Promise<void> {
		this.#throwFailure();
		const writing = writeLarge(this.#location, file, this.#arrivals, this.#signal)
			.catch((error: unknown) => {
				this.#failure ??= { error };
			})
			.finally(() => this.#pending.delete(writing));
		this.#pending.add(writing);
		while (this.#pending.size >= CONCURRENCY) await Promise.race(this.#pending);
		this.#throwFailure();
	}

	/** Waits until everything is written. */
	async finish(): Promise<void> {
		await Promise.all(this.#pending);
		this.#throwFailure();
	}

	/** Ends what is under way, and waits until nothing of it is left. */
	async close(): Promise<void> {
		this.#ending.abort();
		await Promise.all(this.#pending);
		this.#release();
	}

	#throwFailure(): void {
		if (this.#failure !== undefined) throw this.#failure.error;
	}
}
