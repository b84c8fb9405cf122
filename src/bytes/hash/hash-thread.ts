import { threadScript, WorkerChannel } from "../../async/worker-channel.ts";

/** See `hash-worker.js`. */
interface HashTask {
	readonly kind: "digest" | "update" | "both" | "finish";
	readonly algorithm: string;
	readonly memory: SharedArrayBuffer;
	readonly length: number;
}

const NOTHING = new SharedArrayBuffer(0);

/**
 * A thread that hashes shared memory. MD5 is a chain, about 0.8 GB a second: on the main thread it would
 * bound the whole upload.
 */
export class HashThread {
	readonly #algorithm: string;
	readonly #channel: WorkerChannel<HashTask, string>;

	/** @param algorithm - As `node:crypto` names it. */
	constructor(algorithm: string) {
		this.#algorithm = algorithm;
		this.#channel = new WorkerChannel(threadScript("./hash-worker.js", import.meta.url));
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

	close(): Promise<void> {
		return this.#channel.close();
	}

	#ask(kind: HashTask["kind"], bytes: Uint8Array): Promise<string> {
		const { buffer, byteOffset, byteLength: length } = bytes;
		if (!(buffer instanceof SharedArrayBuffer) || byteOffset !== 0) {
			throw new TypeError("only the start of shared memory can be hashed by a thread");
		}
		return this.#channel.ask({ kind, algorithm: this.#algorithm, memory: buffer, length });
	}
}
