import { crc32 } from "../../bytes/crc32.ts";
import { ArchiveError } from "../archive-error.ts";
import type { EntryFacts } from "../entry.ts";
import { headerLengthAt, readHeader } from "./read-header.ts";

/** More than a directory that is kept has entries; a CRC-32 times this is a safe integer. */
const MAX_COUNT = 2 ** 20;

/**
 * Finds entries by their names in the bytes of a directory, which it keeps, with 12 bytes for each entry.
 *
 * It searches the sorted CRC-32s of the names. A hash table would take for ever with names made to have the same.
 */
export class NameLookup {
	readonly #location: string;
	readonly #directory: Uint8Array;
	/** Offset of each header. */
	readonly #offsets: Uint32Array;
	/** For each name its CRC-32 times {@link MAX_COUNT}, plus the index of its entry; sorted. */
	readonly #keys: Float64Array;

	/** @param names - Of all entries, in the order of the directory. */
	constructor(location: string, directory: Uint8Array, names: readonly string[]) {
		this.#location = location;
		this.#directory = directory;
		this.#offsets = new Uint32Array(names.length);
		this.#keys = new Float64Array(names.length);
		let at = 0;
		for (const [index, name] of names.entries()) {
			this.#offsets[index] = at;
			this.#keys[index] = crc32(name) * MAX_COUNT + index;
			at += headerLengthAt(directory, at);
		}
		this.#keys.sort();
	}

	/** @throws {ArchiveError} `INVALID_ARCHIVE` if there are several of this name. */
	get(name: string): EntryFacts | undefined {
		const first = crc32(name) * MAX_COUNT;
		let found: EntryFacts | undefined;
		for (let at = this.#firstFrom(first); at < this.#keys.length; at++) {
			const index = (this.#keys[at] ?? 0) - first;
			if (index >= MAX_COUNT) break;
			const entry = this.#read(index);
			if (entry.name !== name) continue;
			if (found !== undefined) throw severalOf(this.#location, name);
			found = entry;
		}
		return found;
	}

	/** Position of the first key that is not less. */
	#firstFrom(key: number): number {
		let low = 0;
		let high = this.#keys.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.#keys[middle] ?? 0) < key) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	#read(index: number): EntryFacts {
		const at = this.#offsets[index] ?? 0;
		const header = Buffer.from(this.#directory.subarray(at, at + headerLengthAt(this.#directory, at)));
		return readHeader(header, 0, index) as EntryFacts; // it was read before
	}
}

/** The failure of a look-up that finds several entries. */
export function severalOf(location: string, name: string): ArchiveError {
	return new ArchiveError("INVALID_ARCHIVE", "is there more than once", { location, entryName: name });
}
