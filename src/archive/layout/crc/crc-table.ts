/** A number of this many 32-bit words stands for an identity. */
export const KEY_WORDS = 4;
/** Key, piece, CRC-32. */
const SLOT_WORDS = KEY_WORDS + 2;
const FIRST_SLOTS = 256;
/** In the place of the number of a piece: a slot that is free. */
const FREE = 0xffff_ffff;

/** CRC-32s by key and piece, 24 bytes each: a hash table with open addressing, a third of it free. */
export class CrcTable {
	#words = emptySlots(FIRST_SLOTS);
	count = 0;

	get(key: Uint32Array, piece: number): number | undefined {
		const at = find(this.#words, key, 0, piece);
		return this.#words[at + KEY_WORDS] === FREE ? undefined : this.#words[at + KEY_WORDS + 1];
	}

	set(key: Uint32Array, piece: number, crc32: number): void {
		if (this.count * 1.5 * SLOT_WORDS >= this.#words.length)
			this.#rebuild(this.#words.length * 2, () => true);
		this.count += Number(put(this.#words, key, 0, piece, crc32));
	}

	/** Removes the CRC-32s of all pieces. */
	delete(key: Uint32Array): void {
		this.#rebuild(this.#words.length, (words, at) => !isSameKey(words, at, key, 0));
	}

	/** Calls back for each; the key is good during the call. */
	forEach(use: (key: Uint32Array, piece: number, crc32: number) => void): void {
		const words = this.#words;
		for (let at = 0; at < words.length; at += SLOT_WORDS) {
			const [piece = FREE, crc32 = 0] = [words[at + KEY_WORDS], words[at + KEY_WORDS + 1]];
			if (piece !== FREE) use(words.subarray(at, at + KEY_WORDS), piece, crc32);
		}
	}

	#rebuild(length: number, keeps: (words: Uint32Array, at: number) => boolean): void {
		const before = this.#words;
		this.#words = emptySlots(length / SLOT_WORDS);
		this.count = 0;
		for (let at = 0; at < before.length; at += SLOT_WORDS) {
			const piece = before[at + KEY_WORDS] ?? FREE;
			if (piece === FREE || !keeps(before, at)) continue;
			this.count += Number(put(this.#words, before, at, piece, before[at + KEY_WORDS + 1] ?? 0));
		}
	}
}

function emptySlots(count: number): Uint32Array {
	return new Uint32Array(count * SLOT_WORDS).fill(FREE);
}

/** @returns whether it is new. */
function put(words: Uint32Array, keys: Uint32Array, keyAt: number, piece: number, crc32: number): boolean {
	const at = find(words, keys, keyAt, piece);
	const isNew = words[at + KEY_WORDS] === FREE;
	for (let word = 0; word < KEY_WORDS; word++) words[at + word] = keys[keyAt + word] ?? 0;
	words[at + KEY_WORDS] = piece;
	words[at + KEY_WORDS + 1] = crc32;
	return isNew;
}

/** The slot of a key and piece, or the free one where it belongs. Keys are hashes already. */
function find(words: Uint32Array, keys: Uint32Array, keyAt: number, piece: number): number {
	const slots = words.length / SLOT_WORDS;
	let slot = ((keys[keyAt] ?? 0) ^ Math.imul(piece, 0x9e37_79b1)) >>> 0;
	for (;;) {
		slot &= slots - 1;
		const at = slot * SLOT_WORDS;
		const found = words[at + KEY_WORDS];
		if (found === FREE || (found === piece && isSameKey(words, at, keys, keyAt))) return at;
		slot += 1;
	}
}

function isSameKey(words: Uint32Array, at: number, keys: Uint32Array, keyAt: number): boolean {
	for (let word = 0; word < KEY_WORDS; word++) if (words[at + word] !== keys[keyAt + word]) return false;
	return true;
}
