import { untilAborted } from "../until-aborted.ts";

/**
 * The memory of an upload: a fixed number of part buffers that go round. Whoever asks while all are in use
 * waits, which is what keeps the archive from running ahead of the network.
 *
 * The memory is shared, so that workers can hash it where it is.
 */
export class PartBuffers {
	readonly #partSize: number;
	readonly #waiting: (() => void)[] = [];
	readonly #spare: Uint8Array[] = [];
	#allowed: number;

	/**
	 * @param partSize - Bytes of each buffer.
	 * @param count - Buffers in use at once, at most.
	 */
	constructor(partSize: number, count: number) {
		this.#partSize = partSize;
		this.#allowed = count;
	}

	/** @throws the signal's reason when it aborts while waiting. */
	async take(signal: AbortSignal): Promise<Uint8Array> {
		signal.throwIfAborted();
		while (this.#allowed === 0) {
			await untilAborted(new Promise<void>((resolve) => this.#waiting.push(resolve)), signal);
		}
		this.#allowed -= 1;
		return this.#spare.pop() ?? Buffer.from(new SharedArrayBuffer(this.#partSize));
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
