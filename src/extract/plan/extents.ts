/** Extents of a block of memory. */
const BLOCK_COUNT = 65_536;

/**
 * Collects where entries lie, 16 bytes for each, and tells which of them share bytes. Archives whose entries
 * share data are made to be small and to become large.
 */
export class Extents {
	readonly #blocks: Float64Array[] = [];
	#count = 0;
	#lastEnd = 0;
	/** So far every entry has begun behind the one before. */
	#ordered = true;

	/** @param end - The first byte that is certainly not the entry's any more. */
	add(start: number, end: number): void {
		if (start < this.#lastEnd) this.#ordered = false;
		this.#lastEnd = end;
		const at = this.#count % BLOCK_COUNT;
		if (at === 0) this.#blocks.push(new Float64Array(2 * BLOCK_COUNT));
		const block = this.#blocks.at(-1);
		if (block === undefined) return;
		block[2 * at] = start;
		block[2 * at + 1] = end;
		this.#count += 1;
	}

	/** Whether the entries lie in the order in which they were added. */
	get ordered(): boolean {
		return this.#ordered;
	}

	/** The numbers of two entries that share bytes, in the order in which they were added; `undefined` if none do. */
	findOverlap(): readonly [number, number] | undefined {
		if (this.#ordered) return undefined;
		const order = Uint32Array.from({ length: this.#count }, (_, index) => index);
		order.sort((a, b) => this.#at(a, 0) - this.#at(b, 0) || a - b);
		let last: number | undefined;
		for (const index of order) {
			if (last !== undefined && this.#at(index, 0) < this.#at(last, 1))
				return last < index ? [last, index] : [index, last];
			last = index;
		}
		return undefined;
	}

	#at(index: number, which: 0 | 1): number {
		return this.#blocks[Math.floor(index / BLOCK_COUNT)]?.[2 * (index % BLOCK_COUNT) + which] ?? 0;
	}
}
