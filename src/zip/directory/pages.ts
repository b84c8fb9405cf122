import type { ChunkMemory } from "../../bytes/chunk-memory.ts";
import { KiB, MiB } from "../../bytes/units.ts";
import { headerLength, movedHeader, moveInPlace } from "../format/central-header.ts";
import { maxPackedSize, packHeaders, unpackHeaders } from "./packed-headers.ts";

const PAGE_SIZE = MiB;

/** So many pages are left as they are, enough for 50,000 entries: packing takes as long as reading and checking a header. */
const UNPACKED = 6;

/** Bytes of headers in an order of their own that are given at once. */
const ORDERED_SIZE = 256 * KiB;

const NOTHING = new Uint8Array(0);

interface Page {
	/** Number among all headers, from 0. */
	readonly firstHeader: number;
	/** The headers, packed or not. */
	readonly bytes: Uint8Array;
	/** Bytes of the headers if they are packed. */
	readonly packedFrom: number | undefined;
}

/** Headers, one after the other. Pages that are full are packed, but for the first few. */
export class Pages {
	readonly #full: Page[] = [];
	/** The memory in which all pages are packed and unpacked. */
	#scratch: Uint8Array = new Uint8Array(0);
	/** The page that is unpacked there: the next request is usually for the same page. */
	#unpacked: Page | undefined;
	/** The page that fills. */
	#memory: Uint8Array = NOTHING;
	#used = 0;
	#firstHeader = 0;
	headerCount = 0;

	/**
	 * Adds a header.
	 *
	 * @param distance - Bytes by which its entry lies further behind than it says.
	 * @returns bytes that it has then.
	 */
	append(header: Uint8Array, distance: number): number {
		const { byteLength } = header;
		if (this.#used + byteLength > this.#memory.byteLength) this.#turn(byteLength);
		this.#memory.set(header, this.#used);
		if (distance > 0 && !moveInPlace(this.#memory, this.#used, distance))
			return this.append(movedHeader(header, distance), 0);
		this.#used += byteLength;
		this.headerCount += 1;
		return byteLength;
	}

	/**
	 * One after the other in the same memory where that is allowed: new memory for each comes to 80 MiB with a
	 * million entries, which the garbage collector does not give back in time.
	 */
	*all({ reusable }: ChunkMemory): Generator<Uint8Array, void, void> {
		for (const page of this.#full) yield reusable ? this.#bytesOf(page) : ownBytesOf(page);
		if (this.#used > 0) yield this.#memory.subarray(0, this.#used);
	}

	/**
	 * The same in another order. All pages are unpacked for it, as their headers can stand anywhere.
	 *
	 * @param order - The numbers of all headers.
	 */
	*inOrder(order: Uint32Array, { reusable }: ChunkMemory): Generator<Uint8Array, void, void> {
		const pages = [...this.all({ reusable: false })];
		const pageOf = new Uint32Array(this.headerCount);
		const offsets = new Uint32Array(this.headerCount);
		let count = 0;
		for (const [number, page] of pages.entries()) {
			for (let at = 0; at < page.byteLength; at += headerLength(page, at)) {
				pageOf[count] = number;
				offsets[count++] = at;
			}
		}
		let memory = Buffer.allocUnsafeSlow(ORDERED_SIZE);
		let used = 0;
		for (const header of order) {
			const page = pages[pageOf[header] ?? 0] ?? NOTHING;
			const at = offsets[header] ?? 0;
			const bytes = page.subarray(at, at + headerLength(page, at));
			if (used + bytes.byteLength > ORDERED_SIZE) {
				yield memory.subarray(0, used);
				if (!reusable) memory = Buffer.allocUnsafeSlow(ORDERED_SIZE);
				used = 0;
			}
			memory.set(bytes, used);
			used += bytes.byteLength;
		}
		if (used > 0) yield memory.subarray(0, used);
	}

	/** Finds a header by its number. Its page is read up to it: equal hashes are rare. */
	locate(header: number): { readonly page: Uint8Array; readonly offset: number } {
		const full = header < this.#firstHeader ? this.#pageOf(header) : undefined;
		const page = full === undefined ? this.#memory : this.#bytesOf(full);
		let offset = 0;
		for (let passed = full?.firstHeader ?? this.#firstHeader; passed < header; passed++)
			offset += headerLength(page, offset);
		return { page, offset };
	}

	/** Puts the page that is full away, and begins the next one. */
	#turn(least: number): void {
		if (this.#used > 0) this.#full.push(this.#full.length < UNPACKED ? this.#asItIs() : this.#packed());
		this.#firstHeader = this.headerCount;
		this.#used = 0;
		// Small archives do not pay for a full page.
		const size = Math.max(this.headerCount === 0 ? PAGE_SIZE / 16 : PAGE_SIZE, least);
		if (this.#memory.byteLength < size) this.#memory = Buffer.allocUnsafeSlow(size);
	}

	/** Its memory is the page's from now on. */
	#asItIs(): Page {
		const bytes = this.#memory.subarray(0, this.#used);
		this.#memory = NOTHING;
		return { firstHeader: this.#firstHeader, bytes, packedFrom: undefined };
	}

	/** Leaves the memory to the next page. */
	#packed(): Page {
		const size = this.#used;
		const scratch = this.#scratchOf(maxPackedSize(size));
		const packed = scratch.subarray(0, packHeaders(this.#memory.subarray(0, size), scratch));
		const own = Buffer.allocUnsafeSlow(packed.byteLength);
		own.set(packed);
		return { firstHeader: this.#firstHeader, bytes: own, packedFrom: size };
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
		const { bytes, packedFrom } = page;
		if (packedFrom === undefined) return bytes;
		if (this.#unpacked !== page) {
			unpackHeaders(bytes, this.#scratchOf(packedFrom));
			this.#unpacked = page;
		}
		return this.#scratch.subarray(0, packedFrom);
	}

	/** Memory that is free to be written to, at least of this size. */
	#scratchOf(size: number): Uint8Array {
		this.#unpacked = undefined;
		if (this.#scratch.byteLength < size) this.#scratch = Buffer.allocUnsafeSlow(size);
		return this.#scratch;
	}
}

/** In memory that is nobody else's. */
function ownBytesOf({ bytes, packedFrom }: Page): Uint8Array {
	if (packedFrom === undefined) return bytes;
	const own = Buffer.allocUnsafeSlow(packedFrom);
	unpackHeaders(bytes, own);
	return own;
}
