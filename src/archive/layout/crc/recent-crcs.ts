import { createHash } from "node:crypto";
import { CrcTable, KEY_WORDS } from "./crc-table.ts";

/** In the place of the number of a piece: the whole content. */
export const WHOLE = 0xffff_fffe;

/**
 * CRC-32s that were used of late. They are held in two tables: what is set or found goes to the new one, and when that
 * is full it becomes the old one, which is forgotten.
 */
export class RecentCrcs {
	readonly #maxCount: number;
	#fresh = new CrcTable();
	#old = new CrcTable();

	/** @param maxCount - Of both tables together. */
	constructor(maxCount: number) {
		this.#maxCount = maxCount;
	}

	/** Those that are in both tables count twice. */
	get count(): number {
		return this.#old.count + this.#fresh.count;
	}

	get(key: Uint32Array, piece: number): number | undefined {
		const fresh = this.#fresh.get(key, piece);
		if (fresh !== undefined) return fresh;
		const old = this.#old.get(key, piece);
		if (old !== undefined) this.set(key, piece, old);
		return old;
	}

	/** @returns whether a table has become the old one. */
	set(key: Uint32Array, piece: number, crc32: number): boolean {
		this.#fresh.set(key, piece, crc32);
		if (this.#fresh.count < this.#maxCount / 2) return false;
		this.#old = this.#fresh;
		this.#fresh = new CrcTable();
		return true;
	}

	delete(key: Uint32Array): void {
		this.#fresh.delete(key);
		this.#old.delete(key);
	}

	/** All, in the order in which they should be set again. */
	forEach(use: (key: Uint32Array, piece: number, crc32: number) => void): void {
		this.#old.forEach(use);
		this.#fresh.forEach(use);
	}
}

/** Makes the keys of identities. The pieces of one content are asked for one after the other. */
export class IdentityKeys {
	#identity: string | undefined;
	#key = new Uint32Array(KEY_WORDS);

	of(identity: string): Uint32Array {
		if (identity === this.#identity) return this.#key;
		const digest = createHash("sha256").update(identity).digest();
		this.#identity = identity;
		this.#key = Uint32Array.from({ length: KEY_WORDS }, (_, word) => digest.readUInt32LE(4 * word));
		return this.#key;
	}
}
