import { createHash, type Hash } from "node:crypto";
import { crc32 } from "../bytes/crc32.ts";
import type { StoredHashes } from "../reader/ranged/ranged-source.ts";
import { etagOfParts } from "../s3/object-proof.ts";

/** Computes the hashes that a storage keeps of an object, from all its bytes, and compares them. */
export class ObjectHashes {
	readonly #stored: StoredHashes;
	readonly #md5s: string[] = [];
	#hash: Hash = createHash("md5");
	/** Bytes that the part lacks which is hashed. */
	#missing: number;
	#crc = 0;

	constructor(stored: StoredHashes) {
		this.#stored = stored;
		this.#missing = stored.partSizes[0] ?? Number.POSITIVE_INFINITY;
	}

	/** The next bytes of the object. */
	update(chunk: Uint8Array): void {
		if (this.#stored.crc32 !== undefined) this.#crc = crc32(chunk, this.#crc);
		if (this.#stored.etag === undefined) return;
		let rest = chunk;
		while (rest.byteLength >= this.#missing) {
			this.#hash.update(rest.subarray(0, this.#missing));
			rest = rest.subarray(this.#missing);
			this.#endPart();
		}
		this.#hash.update(rest);
		this.#missing -= rest.byteLength;
	}

	#endPart(): void {
		this.#md5s.push(this.#hash.digest("hex"));
		this.#hash = createHash("md5");
		this.#missing = this.#stored.partSizes[this.#md5s.length] ?? Number.POSITIVE_INFINITY;
	}

	/**
	 * To be called behind the last byte.
	 *
	 * @returns what differs, in words that go on behind the name of the archive.
	 */
	difference(): string | undefined {
		const { etag, crc32: stored } = this.#stored;
		if (stored !== undefined && stored !== this.#crc)
			return `is not what was stored: its bytes have the CRC-32 ${hex(this.#crc)}, the storage keeps ${hex(stored)}`;
		if (etag === undefined) return undefined;
		const [first = ""] = this.#md5s;
		const found = etag.includes("-") ? etagOfParts(this.#md5s) : first;
		return found === etag
			? undefined
			: `is not what was stored: its bytes have the ETag ${found}, the storage keeps ${etag}`;
	}
}

function hex(crc: number): string {
	return crc.toString(16).padStart(8, "0");
}
