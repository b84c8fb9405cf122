import type { ChunkMemory } from "../bytes/chunk-memory.ts";
import { MiB } from "../bytes/units.ts";
import { headerLength, nameLength } from "./format/central-header.ts";
import { CENTRAL_DIRECTORY_HEADER_LENGTH } from "./format/records.ts";
import { maxPackedSize, packHeaders, unpackHeaders } from "./packed-headers.ts";

const PAGE_SIZE = MiB;
const SLASH = 0x2f;

/**
 * The central directory as it grows: finished headers, packed into pages, and an index of their names.
 * It is the only part of an archive that has to be kept until the end, so it holds no object per entry:
 * the header, packed once there are many, plus 12 to 24 bytes.
 */
export class CentralDirectory {
	readonly #pages = new Pages();
	#index = new Index(1024);
	/** Bytes. */
	size = 0;

	get entryCount(): number {
		return this.#pages.headerCount;
	}

	/**
	 * Adds one central directory header.
	 *
	 * @returns `false`, with nothing added, if there is an entry of that name already.
	 */
	append(header: Uint8Array): boolean {
		if (this.entryCount * 1.5 >= this.#index.size) this.#index = this.#index.doubled();
		const hash = hashOfName(header, 0);
		const slot = this.#index.find(hash, (entry) => {
			const { page, offset } = this.#pages.locate(entry);
			return haveSameName(page, offset, header, 0);
		});
		if (!this.#index.isFree(slot)) return false;
		this.#index.set(slot, hash, this.entryCount);
		this.#pages.append(header);
		this.size += header.byteLength;
		return true;
	}

	/** The headers in the order they were added, page by page; nothing can be added meanwhile. */
	pages(memory: ChunkMemory): Iterable<Uint8Array> {
		return this.#pages.all(memory);
	}
}

interface Page {
	/** Of all headers, from 0. */
	readonly firstHeader: number;
	readonly packed: Uint8Array;
	/** Bytes of its headers. */
	readonly size: number;
}

/** Headers, one after the other. Pages that are full are packed. */
class Pages {
	readonly #full: Page[] = [];
	/** Where pages are packed and unpacked, all in the same memory. */
	#scratch: Uint8Array = new Uint8Array(0);
	/** The page that is unpacked there: whoever asks for one mostly asks for it again. */
	#unpacked: Page | undefined;
	/** The page that fills. */
	#memory: Uint8Array = new Uint8Array(0);
	#used = 0;
	#firstHeader = 0;
	headerCount = 0;

	append(header: Uint8Array): void {
		if (this.#used + header.byteLength > this.#memory.byteLength) this.#turn(header.byteLength);
		this.#memory.set(header, this.#used);
		this.#used += header.byteLength;
		this.headerCount += 1;
	}

	/**
	 * One after the other in the same memory where that is allowed: new memory for each comes to 80 MiB with a
	 * million entries, which the garbage collector does not give back in time.
	 */
	*all({ reusable }: ChunkMemory): Generator<Uint8Array, void, void> {
		for (const page of this.#full) yield reusable ? this.#bytesOf(page) : ownBytesOf(page);
		if (this.#used > 0) yield this.#memory.subarray(0, this.#used);
	}

	/** Where a header is, by its number. Its page is read up to it: names that look the same are few. */
	locate(header: number): { readonly page: Uint8Array; readonly offset: number } {
		const full = header < this.#firstHeader ? this.#pageOf(header) : undefined;
		const page = full === undefined ? this.#memory : this.#bytesOf(full);
		let offset = 0;
		for (let passed = full?.firstHeader ?? this.#firstHeader; passed < header; passed++)
			offset += headerLength(page, offset);
		return { page, offset };
	}

	/** Packs the page that is full, and begins the next one in its memory. */
	#turn(least: number): void {
		if (this.#used > 0) this.#full.push(this.#packed());
		this.#firstHeader = this.headerCount;
		this.#used = 0;
		// Small archives do not pay for a full page.
		const size = Math.max(this.headerCount === 0 ? PAGE_SIZE / 16 : PAGE_SIZE, least);
		if (this.#memory.byteLength < size) this.#memory = Buffer.allocUnsafeSlow(size);
	}

	#packed(): Page {
		const size = this.#used;
		const scratch = this.#scratchOf(maxPackedSize(size));
		const packed = scratch.subarray(0, packHeaders(this.#memory.subarray(0, size), scratch));
		const own = Buffer.allocUnsafeSlow(packed.byteLength);
		own.set(packed);
		return { firstHeader: this.#firstHeader, packed: own, size };
	}

	#pageOf(header: number): Page | undefined {
		let [low, high] = [0, this.#full.length];
		while (high - low > 1) {
			const middle = (low + high) >>> 1;
			if ((this.#full[middle]?.firstHeader ?? 0) <= header) low = middle;
			else high = middle;
		}
		return this.#full[low];
	}

	/** Good until the next page is asked for, or packed. */
	#bytesOf(page: Page): Uint8Array {
		if (this.#unpacked !== page) {
			unpackHeaders(page.packed, this.#scratchOf(page.size));
			this.#unpacked = page;
		}
		return this.#scratch.subarray(0, page.size);
	}

	/** Memory that is free to be written to, at least of this size. */
	#scratchOf(size: number): Uint8Array {
		this.#unpacked = undefined;
		if (this.#scratch.byteLength < size) this.#scratch = Buffer.allocUnsafeSlow(size);
		return this.#scratch;
	}
}

/** In memory that is nobody else's. */
function ownBytesOf(page: Page): Uint8Array {
	const bytes = Buffer.allocUnsafeSlow(page.size);
	unpackHeaders(page.packed, bytes);
	return bytes;
}

/** Which entries have which name: a hash table with open addressing, a third of it free. */
class Index {
	/** Number of the entry + 1; 0 where a slot is free. */
	readonly #entries: Uint32Array;
	/** Of the names, so that others need not be looked at. */
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

	doubled(): Index {
		const grown = new Index(this.size * 2);
		const isOther = () => false; // all names in an index differ
		for (let slot = 0; slot < this.size; slot++) {
			const [hash = 0, entry = 0] = [this.#hashes[slot], this.#entries[slot]];
			if (entry !== 0) grown.set(grown.find(hash, isOther), hash, entry - 1);
		}
		return grown;
	}
}

/** A directory goes by its name without the slash: beside a file of that name it could not be extracted. */
function comparedLength(page: Uint8Array, headerOffset: number): number {
	const length = nameLength(page, headerOffset);
	const directory = page[headerOffset + CENTRAL_DIRECTORY_HEADER_LENGTH + length - 1] === SLASH;
	return directory ? length - 1 : length;
}

/** Compares from the end: names of one directory begin alike. */
function haveSameName(page: Uint8Array, offset: number, otherPage: Uint8Array, otherOffset: number): boolean {
	const length = comparedLength(page, offset);
	if (length !== comparedLength(otherPage, otherOffset)) return false;
	const start = offset + CENTRAL_DIRECTORY_HEADER_LENGTH;
	const otherStart = otherOffset + CENTRAL_DIRECTORY_HEADER_LENGTH;
	for (let index = length - 1; index >= 0; index--)
		if (page[start + index] !== otherPage[otherStart + index]) return false;
	return true;
}

/** FNV-1a, 32 bits. */
function hashOfName(page: Uint8Array, headerOffset: number): number {
	const start = headerOffset + CENTRAL_DIRECTORY_HEADER_LENGTH;
	const end = start + comparedLength(page, headerOffset);
	let value = 0x811c_9dc5;
	for (let offset = start; offset < end; offset++)
		value = Math.imul(value ^ (page[offset] ?? 0), 0x0100_0193);
	return value >>> 0;
}
