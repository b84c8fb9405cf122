import { Worker } from "node:worker_threads";

interface Waiting {
	readonly resolve: (hash: string) => void;
	readonly reject: (error: unknown) => void;
}

/** It makes no objects worth mentioning; without limits it would still set tens of megabytes aside. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 };

const NOTHING = new SharedArrayBuffer(0);

/**
 * A thread that hashes shared memory. MD5 is a chain, about 0.8 GB a second: on the main thread it would
 * bound the whole upload.
 */
export class HashThread {
	readonly #algorithm: string;
	readonly #worker: Worker;
	readonly #waiting = new Map<number, Waiting>();
	#lastId = 0;
	/** It has ended, so that nothing would answer any more. */
	#failure: Error | undefined;

	/** @param algorithm - As `node:crypto` names it. */
	constructor(algorithm: string) {
		this.#algorithm = algorithm;
		this.#worker = new Worker(new URL("./hash-worker.js", import.meta.url), {
			resourceLimits: THREAD_LIMITS,
		});
		this.#worker.unref();
		this.#worker.on("message", ({ id, hash }: { id: number; hash: string }) => {
			this.#waiting.get(id)?.resolve(hash);
			this.#settle(id);
		});
		this.#worker.on("error", (error: Error) => {
			this.#failure = error;
			for (const { reject } of this.#waiting.values()) reject(error);
			this.#waiting.clear();
		});
	}

	/** The hash of the first `length` bytes, lower-case hex. */
	digest(bytes: Uint8Array): Promise<string> {
		return this.#ask("digest", bytes);
	}

	/** Goes on with the running hash; resolves when the bytes are not needed any more. */
	async update(bytes: Uint8Array): Promise<void> {
		await this.#ask("update", bytes);
	}

	/**
	 * The MD5 of these bytes alone, lower-case hex, and the running MD5 goes on with them: at the price of one.
	 * A thread that is asked for this is asked for nothing else.
	 */
	digestAndUpdate(bytes: Uint8Array): Promise<string> {
		return this.#ask("both", bytes);
	}

	/** The running hash, lower-case hex. */
	finish(): Promise<string> {
		return this.#ask("finish", new Uint8Array(NOTHING));
	}

	async close(): Promise<void> {
		this.#worker.ref(); // or nothing may be left that waits for its end
		await this.#worker.terminate();
	}

	#ask(kind: "digest" | "update" | "both" | "finish", bytes: Uint8Array): Promise<string> {
		const { buffer, byteOffset, byteLength: length } = bytes;
		if (!(buffer instanceof SharedArrayBuffer) || byteOffset !== 0) {
			throw new TypeError("only the start of shared memory can be hashed by a thread");
		}
		if (this.#failure !== undefined) return Promise.reject(this.#failure);
		const id = ++this.#lastId;
		this.#worker.ref();
		return new Promise((resolve, reject) => {
			this.#waiting.set(id, { resolve, reject });
			this.#worker.postMessage({ id, kind, algorithm: this.#algorithm, memory: buffer, length });
		});
	}

	#settle(id: number): void {
		this.#waiting.delete(id);
		if (this.#waiting.size === 0) this.#worker.unref();
	}
}
