import { abortable } from "../../async/abortable.ts";

/**
 * One that fills, one that is hashed, one that waits for that. More of them would only wait longer, in memory that
 * nothing needs while a near storage takes what is ready at once.
 */
const MOST_UNREADY = 3;

/**
 * Buffers of the upload that has ended last, for a while: of garbage that large, a process that makes one upload after the other would
 * hold as much again. No more than those of one, as a service may make hundreds at a time.
 */
let left: Uint8Array[] = [];
let forgetting: NodeJS.Timeout | undefined;

/** Time for the next upload to begin. */
const KEPT_MS = 10_000;

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
	/** Buffers that are being filled, or whose bytes are still to be hashed. */
	#unready = 0;

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
		while (this.#allowed <= 0 || this.#unready >= MOST_UNREADY) {
			await abortable(new Promise<void>((resolve) => this.#waiting.push(resolve)), signal);
		}
		this.#allowed -= 1;
		this.#unready += 1;
		const spare = this.#spare.pop();
		if (spare?.byteLength === size) return spare;
		this.#spare.length = 0; // parts only grow; smaller buffers are no use any more
		return takeLeft(size) ?? Buffer.from(new SharedArrayBuffer(size));
	}

	/** One more buffer, of at least `size` bytes, without waiting for one to be free. */
	takeMore(size: number): Uint8Array {
		this.#allowed -= 1;
		this.#unready += 1;
		return takeLeft(size) ?? Buffer.from(new SharedArrayBuffer(size));
	}

	/** A buffer is full and hashed, whether it was sent or not. */
	ready(): void {
		this.#unready -= 1;
		this.#waiting.shift()?.();
	}

	/** Gives a buffer back for another part. */
	give(buffer: Uint8Array): void {
		this.#spare.push(buffer);
		this.drop();
	}

	/** Leaves the buffers that were given back to the next upload, and no others. To be called when nothing is taken any more. */
	leave(): void {
		if (this.#spare.length === 0) return;
		left = this.#spare.splice(0);
		clearTimeout(forgetting);
		forgetting = setTimeout(forget, KEPT_MS).unref();
	}

	/** Lets another buffer be made instead of one that something may still be looking at. */
	drop(): void {
		this.#allowed += 1;
		this.#waiting.shift()?.();
	}
}

/** A buffer of an earlier upload, if one of exactly that size is left. */
function takeLeft(size: number): Uint8Array | undefined {
	const index = left.findIndex(({ byteLength }) => byteLength === size);
	return index < 0 ? undefined : left.splice(index, 1)[0];
}

function forget(): void {
	left = [];
}
