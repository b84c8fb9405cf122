import { abortable } from "../../async/abortable.ts";

/**
 * The memory of an upload: a fixed number of part buffers that go round. Whoever asks while all are in use
 * waits, which is what keeps the archive from running ahead of the network.
 *
 * The memory is shared, so that a thread can hash it where it is.
 */
export class PartBuffers {
	readonly #waiting: (() => void)[] = [];
	readonly #spare: Uint8Array[] = [];
	#allowed: number;

	/** @param count - Buffers in use at once, at most. */
	constructor(count: number) {
		this.#allowed = count;
	}

	/**
	 * A buffer of exactly `size` bytes with any contents.
	 *
	 * @throws the signal's reason when it aborts while waiting.
	 */
	async take(size: number, signal: AbortSignal): Promise<Uint8Array> {
		signal.throwIfAborted();
		while (this.#allowed === 0) {
			await abortable(new Promise<void>((resolve) => this.#waiting.push(resolve)), signal);
		}
		this.#allowed -= 1;
		const spare = this.#spare.pop();
		if (spare?.byteLength === size) return spare;
		this.#spare.length = 0; // parts only grow; smaller buffers are no use any more
		return Buffer.from(new SharedArrayBuffer(size));
	}

	/** Gives a buffer back for another part. */
	give(buffer: Uint8Array): void {
		this.#spare.push(buffer);
		this.drop();
	}

	/** Lets another buffer be made instead of one that something may still be looking at. */
	drop(): void {
		this.#allowed += 1;
		this.#waiting.shift()?.();
	}
}
