import { Slab } from "./slab.ts";
import { KiB } from "./units.ts";

/** Smaller buffers share memory: one allocation each would cost more than reading a small file. */
const SMALL = 64 * KiB;
const SLAB_SIZE = 512 * KiB;

/**
 * Buffers of a few sizes that are used again, and small ones cut from a common slab. Without it every block
 * would be new memory, which the garbage collector hands back late: it sees the small object, not the
 * megabyte behind it.
 */
export class BufferPool {
	/** By their size. */
	readonly #spare: ReadonlyMap<number, Uint8Array[]>;
	readonly #maxSpare: number;
	/** A buffer that comes back may not belong to the pool, whatever its size. */
	readonly #own = new WeakSet<Uint8Array>();
	/** The one that is being cut. */
	#slab = new Slab(0);
	readonly #slabs = new WeakMap<ArrayBufferLike, Slab>();
	/** There are never more than were in use at once. */
	readonly #spareSlabs: Slab[] = [];

	/**
	 * @param sizes - Bytes of a buffer.
	 * @param maxSpare - Buffers of each size kept for later use at most.
	 */
	constructor(sizes: readonly number[], maxSpare: number) {
		this.#spare = new Map(sizes.map((size) => [size, []]));
		this.#maxSpare = maxSpare;
	}

	/** A buffer of exactly `size` bytes with any contents. */
	take(size: number): Uint8Array {
		if (size <= SMALL) return this.#cut(size);
		const spare = this.#spare.get(size);
		const buffer = spare?.pop() ?? Buffer.allocUnsafeSlow(size);
		if (spare !== undefined) this.#own.add(buffer);
		return buffer;
	}

	/**
	 * Gives back a buffer that nobody will look at again, once. One of another size, or a piece of memory that is
	 * not the pool's, is left to whoever has it.
	 */
	give(buffer: Uint8Array): void {
		const slab = this.#slabs.get(buffer.buffer);
		if (slab !== undefined) {
			if (slab.giveBack() && slab !== this.#slab) this.#spareSlabs.push(slab);
			return;
		}
		const spare = this.#own.has(buffer) ? this.#spare.get(buffer.byteLength) : undefined;
		if (spare !== undefined && spare.length < this.#maxSpare) spare.push(buffer);
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
