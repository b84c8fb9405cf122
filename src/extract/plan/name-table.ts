import { randomInt } from "node:crypto";

/** Something has this very path. */
const FILE = 1;
const DIRECTORY = 2;
/** Something is in it. */
const PARENT = 4;

const FULL_SHARE = 0.75;
const FIRST_CAPACITY = 4096;

/** Paths that a table holds at most: 72 MiB of it. No archive that is meant well has as many. */
const MOST_PATHS = 6_000_000;

const NONE = 0;

/**
 * Knows the paths of an archive by hashes, 9 bytes each, and finds those that could not be extracted side by side: a path that is
 * there twice, and a file where another entry needs a directory.
 *
 * Hashes have 53 bits and a seed nobody can know. What they tell is a suspicion, and the names themselves have to be compared.
 */
export class NameTable {
	readonly #seeds = [randomInt(2 ** 32), randomInt(2 ** 32)] as const;
	#capacity = FIRST_CAPACITY;
	#hashes = new Float64Array(FIRST_CAPACITY);
	#kinds = new Uint8Array(FIRST_CAPACITY);
	#count = 0;
	/** Hashes of the beginnings of the path that is being added. */
	readonly #parents: number[] = [];

	/** There are more paths than it can hold. */
	get isFull(): boolean {
		return this.#count > MOST_PATHS;
	}

	/**
	 * @param path - One character for each byte, or folded text.
	 * @returns hashes of paths that may be in conflict with this one, or with which this one may be: itself or a directory above it.
	 */
	add(path: string, isDirectory: boolean): readonly number[] {
		const hash = this.#hash(path);
		const suspects: number[] = [];
		const before = this.#mark(hash, isDirectory ? DIRECTORY : FILE);
		if ((before & (FILE | DIRECTORY)) !== 0 || (!isDirectory && (before & PARENT) !== 0)) suspects.push(hash);
		for (let index = this.#parents.length - 1; index >= 0; index -= 1) {
			const parent = this.#parents[index] ?? NONE;
			const known = this.#mark(parent, PARENT);
			if ((known & FILE) !== 0) suspects.push(parent);
			if ((known & PARENT) !== 0) break; // and so have its own
		}
		return suspects;
	}

	/** The hash of a path, and of all directories above it, as {@link NameTable.add} gives them. */
	hashesOf(path: string): readonly number[] {
		const hash = this.#hash(path);
		return [...this.#parents, hash];
	}

	/** Marks a path, and tells what it was marked with before. */
	#mark(hash: number, kind: number): number {
		if (this.#count >= this.#capacity * FULL_SHARE) this.#grow();
		const slot = this.#slotOf(hash, this.#hashes);
		if (this.#hashes[slot] === NONE) {
			this.#hashes[slot] = hash;
			this.#count += 1;
		}
		const before = this.#kinds[slot] ?? 0;
		this.#kinds[slot] = before | kind;
		return before;
	}

	#slotOf(hash: number, hashes: Float64Array): number {
		const mask = hashes.length - 1;
		let slot = hash % hashes.length;
		while (hashes[slot] !== NONE && hashes[slot] !== hash) slot = (slot + 1) & mask;
		return slot;
	}

	#grow(): void {
		const hashes = new Float64Array(2 * this.#capacity);
		const kinds = new Uint8Array(2 * this.#capacity);
		for (const [index, hash] of this.#hashes.entries()) {
			if (hash === NONE) continue;
			const slot = this.#slotOf(hash, hashes);
			hashes[slot] = hash;
			kinds[slot] = this.#kinds[index] ?? 0;
		}
		this.#capacity *= 2;
		this.#hashes = hashes;
		this.#kinds = kinds;
	}

	/** The hash of a path; those of the directories above it are in `#parents`, from above. */
	#hash(path: string): number {
		let [high, low] = this.#seeds;
		this.#parents.length = 0;
		for (let index = 0; index < path.length; index += 1) {
			const code = path.charCodeAt(index);
			if (code === 0x2f) this.#parents.push(joined(high, low));
			high = Math.imul(high ^ code, 0x85eb_ca6b);
			high ^= high >>> 15;
			low = Math.imul(low ^ code, 0xc2b2_ae35);
			low ^= low >>> 13;
		}
		return joined(high, low);
	}
}

/** 53 bits, and never {@link NONE}. */
function joined(high: number, low: number): number {
	return ((high >>> 0) & 0x1f_ffff) * 2 ** 32 + (low >>> 0) || 1;
}
