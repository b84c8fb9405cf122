/**
 * Settles like `promise`, or rejects with the signal's reason as soon as that aborts. What the promise
 * does afterwards is ignored: it is how a wait on something that may never answer is given up.
 */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (signal === undefined) return promise;
	return new Promise<T>((resolve, reject) => {
		if (signal.aborted) {
			promise.catch(() => {}); // nobody asks for it any more
			return reject(signal.reason);
		}
		const waits = waitsOn.get(signal) ?? new Waits(signal);
		waits.add(reject);
		promise.then(
			(value) => {
				waits.delete(reject);
				resolve(value);
			},
			(error: unknown) => {
				waits.delete(reject);
				reject(error);
			},
		);
	});
}

type Reject = (reason: unknown) => void;

const waitsOn = new WeakMap<AbortSignal, Waits>();

/**
 * The waits that one signal ends. They share a listener, which stays a little longer than the last of them:
 * adding one and taking it away again costs more than most waits take.
 */
class Waits {
	readonly #signal: AbortSignal;
	readonly #rejects = new Set<Reject>();
	#leaving = false;

	constructor(signal: AbortSignal) {
		this.#signal = signal;
		signal.addEventListener("abort", this.#onAbort, { once: true });
		waitsOn.set(signal, this);
	}

	add(reject: Reject): void {
		this.#rejects.add(reject);
	}

	delete(reject: Reject): void {
		this.#rejects.delete(reject);
		if (this.#rejects.size > 0 || this.#leaving) return;
		this.#leaving = true;
		setImmediate(this.#leave).unref();
	}

	readonly #onAbort = (): void => {
		waitsOn.delete(this.#signal);
		for (const reject of this.#rejects) reject(this.#signal.reason);
	};

	readonly #leave = (): void => {
		this.#leaving = false;
		if (this.#rejects.size > 0 || this.#signal.aborted) return;
		waitsOn.delete(this.#signal);
		this.#signal.removeEventListener("abort", this.#onAbort);
	};
}
