import { foldedName } from "./portable-names.ts";

const FIRST_SLOTS = 16;
const FIRST_BYTES = 256;

/**
 * Names by the form that Windows and macOS compare, packed: a name takes its bytes and a few more, and the garbage
 * collector does not see it. A hash table with open addressing, a third of it free at least.
 */
export class PackedNames {
	/** Where a name starts + 1; 0 where a slot is free. */
	#starts = new Uint32Array(FIRST_SLOTS);
	/** Hashes of the names, so that other names need not be read. */
	#hashes = new Uint32Array(FIRST_SLOTS);
	/** Each name is followed by a NUL, which no name has. */
	#bytes = Buffer.allocUnsafe(FIRST_BYTES);
	#size = 0;
	#count = 0;

	/** The first name that was added under this key, if there is one. */
	find(key: string): string | undefined {
		const start = this.#starts[this.#slotOf(key, hashOf(key))] ?? 0;
		return start === 0 ? undefined : this.#nameAt(start - 1);
	}

	/**
	 * Adds a name, unless its key is there.
	 *
	 * @param key - {@link foldedName} of the name.
	 * @returns the name that is there
	 */
	add(name: string, key: string): string | undefined {
		const hash = hashOf(key);
		const slot = this.#slotOf(key, hash);
		const start = this.#starts[slot] ?? 0;
		if (start !== 0) return this.#nameAt(start - 1);
		this.#starts[slot] = this.#size + 1;
		this.#hashes[slot] = hash;
		this.#append(name);
		this.#count += 1;
		if (this.#count * 3 > this.#starts.length * 2) this.#grow();
		return undefined;
	}

	#slotOf(key: string, hash: number): number {
		const mask = this.#starts.length - 1;
		let slot = hash & mask;
		for (;;) {
			const start = this.#starts[slot] ?? 0;
			if (start === 0) return slot;
			if (this.#hashes[slot] === hash && foldedName(this.#nameAt(start - 1)) === key) return slot;
			slot = (slot + 1) & mask;
		}
	}

	#nameAt(start: number): string {
		return this.#bytes.toString("utf8", start, this.#bytes.indexOf(0, start));
	}

	#append(name: string): void {
		const needed = this.#size + Buffer.byteLength(name) + 1;
		if (needed > this.#bytes.byteLength) {
			const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.byteLength * 2));
			this.#bytes.copy(larger, 0, 0, this.#size);
			this.#bytes = larger;
		}
		this.#bytes.write(name, this.#size);
		this.#bytes[needed - 1] = 0;
		this.#size = needed;
	}

	#grow(): void {
		const [starts, hashes] = [this.#starts, this.#hashes];
		const mask = starts.length * 2 - 1;
		this.#starts = new Uint32Array(starts.length * 2);
		this.#hashes = new Uint32Array(starts.length * 2);
		for (const [index, start] of starts.entries()) {
			if (start === 0) continue;
			const hash = hashes[index] ?? 0;
			let slot = hash & mask;
			while (this.#starts[slot] !== 0) slot = (slot + 1) & mask;
			this.#starts[slot] = start;
			this.#hashes[slot] = hash;
		}
	}
}

/** FNV-1a, 32 bits. */
function hashOf(key: string): number {
	let value = 0x811c_9dc5;
	for (let index = 0; index < key.length; index++)
		value = Math.imul(value ^ key.charCodeAt(index), 0x0100_0193);
	return value >>> 0;
}
