import { Slab } from "./slab.ts";
import { KiB } from "./units.ts";

/** Smaller buffers share memory: one allocation each would cost more than reading a small file. */
const SMALL = 64 * KiB;
const SLAB_SIZE = 512 * KiB;

/** How buffers of a pool are chosen. */
export interface BufferPoolOptions {
	/**
	 * A size that is not among those of the pool is cut from the next larger one, so that this is used again as well. Not for those who
	 * keep buffers, as they would keep all of it.
	 *
	 * @defaultValue `false`
	 */
	readonly roundsUp?: boolean | undefined;
}

/**
 * Buffers of a few sizes that are used again, and small ones cut from a common slab. Without it every block
 * would be new memory, which the garbage collector hands back late: it sees the small object, not the
 * megabyte behind it. And memory of ever other sizes that comes and goes leaves gaps that nothing fits into.
 */
export class BufferPool {
	/** By their size, the smallest first. */
	readonly #spare: ReadonlyMap<number, Uint8Array[]>;
	readonly #maxSpare: number;
	readonly #roundsUp: boolean;
	/** Whole buffers that are out, by their memory: what comes back may not belong to the pool, or be only the start of one. */
	readonly #out = new WeakMap<ArrayBufferLike, Uint8Array>();
	/** The one that is being cut. */
	#slab = new Slab(0);
	readonly #slabs = new WeakMap<ArrayBufferLike, Slab>();
	/** There are never more than were in use at once. */
	readonly #spareSlabs: Slab[] = [];

	/**
	 * @param sizes - Bytes of a buffer.
	 * @param maxSpare - Buffers of each size kept for later use at most.
	 */
	constructor(sizes: readonly number[], maxSpare: number, { roundsUp = false }: BufferPoolOptions = {}) {
		this.#spare = new Map([...sizes].sort((a, b) => a - b).map((size) => [size, []]));
		this.#maxSpare = maxSpare;
		this.#roundsUp = roundsUp;
	}

	/** A buffer of exactly `size` bytes with any contents. */
	take(size: number): Uint8Array {
		if (size <= SMALL) return this.#cut(size);
		for (const [wholeSize, spare] of this.#spare) {
			if (wholeSize !== size && !(this.#roundsUp && wholeSize > size)) continue;
			const whole = spare.pop() ?? Buffer.allocUnsafeSlow(wholeSize);
			this.#out.set(whole.buffer, whole);
			return wholeSize === size ? whole : whole.subarray(0, size);
		}
		return Buffer.allocUnsafeSlow(size);
	}

	/**
	 * Gives back a buffer, or a part of it, that nobody will look at again; nor at any other part of it. What is not the
	 * pool's, or was given back before, is left to whoever has it.
	 */
	give(buffer: Uint8Array): void {
		const slab = this.#slabs.get(buffer.buffer);
		if (slab !== undefined) {
			if (slab.giveBack() && slab !== this.#slab) this.#spareSlabs.push(slab);
			return;
		}
		const whole = this.#out.get(buffer.buffer);
		if (whole === undefined) return;
		this.#out.delete(whole.buffer);
		const spare = this.#spare.get(whole.byteLength);
		if (spare !== undefined && spare.length < this.#maxSpare) spare.push(whole);
	}

	#cut(size: number): Uint8Array {
		const buffer = this.#slab.cut(size);
		if (buffer !== undefined) return buffer;
		this.#slab = this.#spareSlabs.pop() ?? this.#newSlab();
		return this.#cut(size);
	}

	#newSlab(): Slab {
		const slab = new Slab(SLAB_SIZE);
		this.#slabs.set(slab.memory, slab);
		return slab;
	}
}
