type OnAbort = (reason: unknown) => void;

/**
 * Calls `listener` with the reason as soon as the signal aborts; at once if it has aborted already.
 *
 * All listeners of a signal share one event listener. A signal is often that of a whole service, and waited for
 * by many calls at the same time: with a listener each, Node warns of a leak from the eleventh on.
 *
 * @returns a function that takes the listener away again.
 */
export function onAbort(signal: AbortSignal | undefined, listener: OnAbort): () => void {
	if (signal === undefined) return () => {};
	if (signal.aborted) {
		listener(signal.reason);
		return () => {};
	}
	const listeners = listenersOf.get(signal) ?? new AbortListeners(signal);
	listeners.add(listener);
	return () => listeners.delete(listener);
}

const listenersOf = new WeakMap<AbortSignal, AbortListeners>();

/**
 * The listeners of one signal. The event listener they share stays a little longer than the last of them:
 * adding one and taking it away again costs more than most waits take.
 */
class AbortListeners {
	readonly #signal: AbortSignal;
	readonly #listeners = new Set<OnAbort>();
	#leaving = false;

	constructor(signal: AbortSignal) {
		this.#signal = signal;
		signal.addEventListener("abort", this.#onAbort, { once: true });
		listenersOf.set(signal, this);
	}

	add(listener: OnAbort): void {
		this.#listeners.add(listener);
	}

	delete(listener: OnAbort): void {
		if (!this.#listeners.delete(listener) || this.#listeners.size > 0 || this.#leaving) return;
		this.#leaving = true;
		setImmediate(this.#leave).unref();
	}

	readonly #onAbort = (): void => {
		listenersOf.delete(this.#signal);
		for (const listener of this.#listeners) listener(this.#signal.reason);
	};

	readonly #leave = (): void => {
		this.#leaving = false;
		if (this.#listeners.size > 0 || this.#signal.aborted) return;
		listenersOf.delete(this.#signal);
		this.#signal.removeEventListener("abort", this.#onAbort);
	};
}
