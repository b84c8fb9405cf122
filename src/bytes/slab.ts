/**
 * Memory that small buffers are cut from, front to back, and cut from again once all of them have been given
 * back: memory that was used a moment ago is still in the processor's cache, and new memory is not even there.
 */
export class Slab {
	readonly #memory: Buffer<ArrayBuffer>;
	#used = 0;
	#outCount = 0;

	/** @param size - Bytes. */
	constructor(size: number) {
		this.#memory = Buffer.allocUnsafeSlow(size);
	}

	/** State that all its buffers share. */
	get memory(): ArrayBuffer {
		return this.#memory.buffer;
	}

	/** A buffer of exactly `size` bytes with any contents; `undefined` if there is no room left. */
	cut(size: number): Uint8Array | undefined {
		const start = this.#used;
		if (start + size > this.#memory.byteLength) return undefined;
		this.#used += size;
		this.#outCount += 1;
		return this.#memory.subarray(start, this.#used);
	}

	/**
	 * Takes a buffer back that nobody will look at again.
	 *
	 * @returns Whether it was the last that was out, and all of the memory can be cut anew.
	 */
	giveBack(): boolean {
		this.#outCount -= 1;
		if (this.#outCount > 0) return false;
		this.#used = 0;
		return true;
	}
}
