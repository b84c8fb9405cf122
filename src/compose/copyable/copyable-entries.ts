import { readHeader } from "../../reader/directory/read-header.ts";
import type { EntryFacts } from "../../reader/entry.ts";
import { hashOfGivenName, hashOfName, hasName } from "../../zip/directory/header-names.ts";
import { NameIndex } from "../../zip/directory/name-index.ts";
import type { DirectorySlice } from "../../zip/directory/slice.ts";
import { headerLength, movedHeader } from "../../zip/format/central-header.ts";

/** Neighbours in an archive, by their place in the order of their data. */
export interface CopyableRun {
	/** Number of the first entry in the order of the data. */
	readonly from: number;
	/** Number behind the last one. */
	readonly to: number;
	/** Offset of the first byte in the archive. */
	readonly start: number;
	/** Offset behind the last byte. */
	readonly end: number;
}

/** Columns of {@link CopyableEntries}, in the order of the directory. */
export interface CopyableColumns {
	/** Central directory headers, one after the other, as if each entry stood at the beginning of an archive. */
	readonly headers: Uint8Array;
	/** Where each of them begins. */
	readonly headerStarts: Float64Array;
	/** Where the entries begin in the archive, and, at the end, its directory. */
	readonly starts: Float64Array;
	/** The entries in the order of their data; absent if it is the same. */
	readonly order: Uint32Array | undefined;
}

/**
 * The entries of an archive of zipferry's, which lie in it without gaps, so that each can be copied into another archive: header, data
 * and data descriptor as they are. Holds the directory, and about 40 bytes more for each entry.
 */
export class CopyableEntries {
	readonly #columns: CopyableColumns;
	readonly #index: NameIndex;

	constructor(columns: CopyableColumns) {
		this.#columns = columns;
		const { headers, headerStarts } = columns;
		let size = 1024;
		while (size < headerStarts.length * 1.5) size *= 2;
		this.#index = new NameIndex(size);
		for (const [entry, at] of headerStarts.entries()) {
			const hash = hashOfName(headers, at);
			this.#index.set(
				this.#index.find(hash, () => false),
				hash,
				entry,
			);
		}
	}

	get count(): number {
		return this.#columns.headerStarts.length;
	}

	/** Bytes of all of them, which the directory follows. */
	get size(): number {
		return this.startAt(this.count);
	}

	/** Place in the directory of the entry of this name, where a directory goes by its name without the slash. */
	indexOf(name: Uint8Array): number | undefined {
		const { headers, headerStarts } = this.#columns;
		let found: number | undefined;
		this.#index.find(hashOfGivenName(name), (entry) => {
			if (!hasName(headers, headerStarts[entry] ?? 0, name)) return false;
			found = entry;
			return true;
		});
		return found;
	}

	/** The facts about an entry, by its place in the directory; its offset is 0. */
	factsOf(index: number): EntryFacts {
		const { headers, headerStarts } = this.#columns;
		const facts = readHeader(headers, headerStarts[index] ?? 0, index);
		if ("reason" in facts)
			throw new TypeError(`a header that was written here cannot be read: ${facts.reason}`);
		return facts;
	}

	/** Its central directory header, as if it stood at the beginning of an archive. */
	headerOf(index: number): Uint8Array {
		const { headers, headerStarts } = this.#columns;
		const at = headerStarts[index] ?? 0;
		return headers.subarray(at, at + headerLength(headers, at));
	}

	/** Place in the directory of an entry, by its place in the order of the data. */
	at(place: number): number {
		return this.#columns.order?.[place] ?? place;
	}

	/** Where an entry begins, by its place in the order of the data; behind the last one, where the directory begins. */
	startAt(place: number): number {
		const { starts } = this.#columns;
		return starts[place === this.count ? place : this.at(place)] ?? 0;
	}

	/** Bytes of an entry in the archive, by its place in the order of the data. */
	lengthAt(place: number): number {
		return this.startAt(place + 1) - this.startAt(place);
	}

	/** The central directory of runs that stand one behind the other. */
	directoryOf(runs: readonly CopyableRun[]): DirectorySlice {
		const pages = { [Symbol.iterator]: () => this.#movedHeaders(runs) };
		return { entryCount: runs.reduce((sum, { from, to }) => sum + to - from, 0), pages };
	}

	*#movedHeaders(runs: readonly CopyableRun[]): Generator<Uint8Array, void, void> {
		let before = 0;
		for (const { from, to, start, end } of runs) {
			for (let place = from; place < to; place++)
				yield movedHeader(this.headerOf(this.at(place)), before + this.startAt(place) - start);
			before += end - start;
		}
	}
}
