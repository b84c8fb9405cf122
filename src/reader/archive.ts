import type { ArchiveReader } from "./archive-reader.ts";
import { decodeText } from "./directory/entry-name.ts";
import type { EntryFacts } from "./entry.ts";
import { EntryContent } from "./entry-content.ts";
import type { SourceIdentity } from "./ranged/ranged-source.ts";

/** An entry of an archive that is open. */
export interface ArchiveEntry extends EntryFacts {
	/**
	 * The content. Nothing is requested before it is read.
	 *
	 * @param signal - Ends reading.
	 * @throws {@link ArchiveError} `ENTRY_UNSUPPORTED` if it is encrypted, or compressed by another method than DEFLATE.
	 */
	open(signal?: AbortSignal): EntryContent;
}

/**
 * An archive that is open for reading: a file, an object, or what is behind a URL. Iterating over it gives its entries, in the
 * order of its central directory, while that is read; it can be iterated over again. Entries are not kept in memory.
 */
export class Archive implements AsyncIterable<ArchiveEntry>, AsyncDisposable {
	/** Path or URL, without credentials. */
	readonly location: string;
	/** Bytes. */
	readonly size: number;
	/** Number of entries. */
	readonly entryCount: number;
	/** Comment of the archive; empty as a rule. */
	readonly comment: string;
	/** Whether its end records are ZIP64. */
	readonly zip64: boolean;
	/** What the state that is read is known by: ETag, version, or time of the last change. */
	readonly identity: SourceIdentity;
	readonly #reader: ArchiveReader;
	readonly #signal: AbortSignal | undefined;

	/** @internal */
	constructor(reader: ArchiveReader, signal: AbortSignal | undefined) {
		const { source, end } = reader;
		this.location = source.location;
		this.size = source.size;
		this.identity = source.identity;
		this.entryCount = end.entryCount;
		this.comment = decodeText(end.comment);
		this.zip64 = end.zip64;
		this.#reader = reader;
		this.#signal = signal;
	}

	/**
	 * The entries. Ending the iteration early ends the transfer.
	 *
	 * @throws {@link ArchiveError} `INVALID_ARCHIVE` if the directory is damaged or contradicts itself.
	 */
	async *[Symbol.asyncIterator](): AsyncGenerator<ArchiveEntry, void, void> {
		for await (const batch of this.#reader.entries(this.#signal))
			for (const entry of batch) yield this.#withContent(entry);
	}

	/**
	 * Looks for the entry of a name. The first call reads the directory, and keeps it if it has up to 16 MiB, some 100,000
	 * entries; later calls look there. A larger one is read for each call.
	 *
	 * @param name - Exactly as {@link EntryFacts.name} has it.
	 * @returns `undefined` if there is none.
	 * @throws {@link ArchiveError} `INVALID_ARCHIVE` if there are several of this name, or the directory is damaged.
	 */
	async get(name: string): Promise<ArchiveEntry | undefined> {
		const found = await this.#reader.get(name, this.#signal);
		return found && this.#withContent(found);
	}

	/** Closes the file or the connections. */
	close(): Promise<void> {
		return this.#reader.close();
	}

	/** The same as {@link Archive.close}, for `await using`. */
	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}

	#withContent(entry: EntryFacts): ArchiveEntry {
		return {
			...entry,
			open: (signal = this.#signal) => new EntryContent(this.#reader, entry, signal),
		};
	}
}
