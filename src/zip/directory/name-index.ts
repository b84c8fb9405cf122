/** Which entries have which name: a hash table with open addressing, a third of it free. */
export class NameIndex {
	/** Number of the entry + 1; 0 where a slot is free. */
	readonly #entries: Uint32Array;
	/** Hashes of the names, so that other names need not be read. */
	readonly #hashes: Uint32Array;

	/** @param size - Number of slots, a power of 2. */
	constructor(size: number) {
		this.#entries = new Uint32Array(size);
		this.#hashes = new Uint32Array(size);
	}

	get size(): number {
		return this.#entries.length;
	}

	isFree(slot: number): boolean {
		return this.#entries[slot] === 0;
	}

	/** The slot of the entry with this hash that is the same, or the free one where it belongs. */
	find(hash: number, isSame: (entry: number) => boolean): number {
		const mask = this.size - 1;
		let slot = hash & mask;
		for (;;) {
			const entry = this.#entries[slot] ?? 0;
			if (entry === 0 || (this.#hashes[slot] === hash && isSame(entry - 1))) return slot;
			slot = (slot + 1) & mask;
		}
	}

	set(slot: number, hash: number, entry: number): void {
		this.#hashes[slot] = hash;
		this.#entries[slot] = entry + 1;
	}

	doubled(): NameIndex {
		const grown = new NameIndex(this.size * 2);
		const isOther = () => false; // all names in an index differ
		for (let slot = 0; slot < this.size; slot++) {
			const [hash = 0, entry = 0] = [this.#hashes[slot], this.#entries[slot]];
			if (entry !== 0) grown.set(grown.find(hash, isOther), hash, entry - 1);
		}
		return grown;
	}
}
