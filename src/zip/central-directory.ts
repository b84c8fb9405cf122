import { MiB } from "./limits.ts";
import { CENTRAL_DIRECTORY_HEADER_LENGTH } from "./records.ts";

const PAGE_SIZE = MiB;
/** A slot holds page × this + offset + 1, and 0 when it is free. */
const PAGE_STRIDE = 2 ** 32;
const NAME_LENGTH_OFFSET = 28;
const SLASH = 0x2f;

/**
 * The central directory as it grows: finished headers, packed into pages, and an index of their names.
 * It is the only part of an archive that has to be kept until the end, so it holds no object per entry:
 * the header itself plus 12 to 24 bytes.
 */
export class CentralDirectory {
	readonly #pages: Uint8Array[] = [];
	#page: Uint8Array = new Uint8Array(0);
	#used = 0;
	#slots = new Float64Array(1024);
	entryCount = 0;
	/** Bytes. */
	size = 0;

	/**
	 * Adds one central directory header.
	 *
	 * @returns `false`, with nothing added, if there is an entry of that name already.
	 */
	append(header: Uint8Array): boolean {
		if (this.entryCount * 1.5 >= this.#slots.length) this.#growIndex();
		const slot = this.#findSlot(this.#slots, header, 0);
		if (this.#slots[slot] !== 0) return false;
		if (this.#used + header.byteLength > this.#page.byteLength) {
			// Small archives do not pay for a full page.
			const wanted = this.entryCount === 0 ? PAGE_SIZE / 16 : PAGE_SIZE;
			this.#closePage();
			this.#page = Buffer.allocUnsafeSlow(Math.max(wanted, header.byteLength));
			this.#pages.push(this.#page);
		}
		this.#slots[slot] = (this.#pages.length - 1) * PAGE_STRIDE + this.#used + 1;
		this.#page.set(header, this.#used);
		this.#used += header.byteLength;
		this.size += header.byteLength;
		this.entryCount += 1;
		return true;
	}

	/** The headers in the order they were added; nothing can be added afterwards. */
	pages(): readonly Uint8Array[] {
		this.#closePage();
		return this.#pages;
	}

	/** Cuts the page to what is used: its index stays, its free end must not be taken for headers. */
	#closePage(): void {
		if (this.#pages.length > 0) this.#pages[this.#pages.length - 1] = this.#page.subarray(0, this.#used);
		this.#page = new Uint8Array(0);
		this.#used = 0;
	}

	#growIndex(): void {
		const grown = new Float64Array(this.#slots.length * 2);
		for (const location of this.#slots) {
			if (location !== 0) grown[this.#findSlot(grown, this.#pageOf(location), offsetOf(location))] = location;
		}
		this.#slots = grown;
	}

	/** The slot of the header's name, or the free one where it belongs. */
	#findSlot(slots: Float64Array, page: Uint8Array, headerOffset: number): number {
		const mask = slots.length - 1;
		let slot = hashOfName(page, headerOffset) & mask;
		for (;;) {
			const location = slots[slot] ?? 0;
			if (location === 0) return slot;
			if (haveSameName(this.#pageOf(location), offsetOf(location), page, headerOffset)) return slot;
			slot = (slot + 1) & mask;
		}
	}

	#pageOf(location: number): Uint8Array {
		const page = this.#pages[Math.floor((location - 1) / PAGE_STRIDE)];
		if (page === undefined) throw new RangeError("a slot points behind the last page");
		return page;
	}
}

/** Of a header in its page. */
function offsetOf(location: number): number {
	return (location - 1) % PAGE_STRIDE;
}

/** A directory goes by its name without the slash: beside a file of that name it could not be extracted. */
function nameLength(page: Uint8Array, headerOffset: number): number {
	const lengthAt = headerOffset + NAME_LENGTH_OFFSET;
	const length = (page[lengthAt] ?? 0) | ((page[lengthAt + 1] ?? 0) << 8);
	const directory = page[headerOffset + CENTRAL_DIRECTORY_HEADER_LENGTH + length - 1] === SLASH;
	return directory ? length - 1 : length;
}

/** Compares from the end: names of one directory begin alike. */
function haveSameName(page: Uint8Array, offset: number, otherPage: Uint8Array, otherOffset: number): boolean {
	const length = nameLength(page, offset);
	if (length !== nameLength(otherPage, otherOffset)) return false;
	const start = offset + CENTRAL_DIRECTORY_HEADER_LENGTH;
	const otherStart = otherOffset + CENTRAL_DIRECTORY_HEADER_LENGTH;
	for (let index = length - 1; index >= 0; index--)
		if (page[start + index] !== otherPage[otherStart + index]) return false;
	return true;
}

/** FNV-1a, 32 bits. */
function hashOfName(page: Uint8Array, headerOffset: number): number {
	const start = headerOffset + CENTRAL_DIRECTORY_HEADER_LENGTH;
	const end = start + nameLength(page, headerOffset);
	let value = 0x811c_9dc5;
	for (let offset = start; offset < end; offset++)
		value = Math.imul(value ^ (page[offset] ?? 0), 0x0100_0193);
	return value >>> 0;
}
