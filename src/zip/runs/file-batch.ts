import type { Entry } from "../entry.ts";

/**
 * Files of one directory, as a batch of entries. There are millions of them, and a thread needs no more than their names: an entry is
 * made of one only where somebody asks for it.
 */
export abstract class FileBatch<Item extends Entry = Entry> implements Iterable<Item> {
	/** Start of the names of all entries, up to and with the last slash; a byte string. */
	abstract readonly start: string;
	/** What follows: the names of the files in their directory, as byte strings. */
	abstract readonly names: readonly string[];
	/** See {@link ThreadFile.readingOptions}. */
	abstract readonly readingOptions: unknown;

	abstract entryAt(index: number): Item;

	/** The way to the directory, with a slash at its end; otherwise as {@link ThreadFile.hold}. */
	abstract hold(): string | undefined;
	abstract letGo(): void;

	*[Symbol.iterator](): Generator<Item, void, void> {
		for (let index = 0; index < this.names.length; index++) yield this.entryAt(index);
	}
}
