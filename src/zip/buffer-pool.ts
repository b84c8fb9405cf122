/**
 * Buffers of one size that are used again. Without it every block would be new memory, which the garbage
 * collector hands back late: it sees the small object, not the megabyte behind it.
 */
export class BufferPool {
	readonly #size: number;
	readonly #spare: Uint8Array[] = [];
	readonly #maxSpare: number;

	/** @param maxSpare - Buffers kept for later use at most. */
	constructor(size: number, maxSpare: number) {
		this.#size = size;
		this.#maxSpare = maxSpare;
	}

	/** A buffer of exactly `size` bytes with any contents. */
	take(size: number): Uint8Array {
		const spare = size === this.#size ? this.#spare.pop() : undefined;
		return spare ?? Buffer.allocUnsafeSlow(size);
	}

	/** Gives back a buffer that nobody will look at again; one of another size is left to the collector. */
	give(buffer: Uint8Array): void {
		if (buffer.byteLength === this.#size && this.#spare.length < this.#maxSpare) this.#spare.push(buffer);
	}
}
