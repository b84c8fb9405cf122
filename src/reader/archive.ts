import type { EntryFacts } from "./entry.ts";
import type { EntryContent } from "./entry-content.ts";
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
 * An archive that is open for reading: a file, an object, or what is behind a URL. Iterating over it gives its entries, in
 * the order of its central directory, while that is read; it can be iterated over again. Ending the iteration early ends
 * the transfer. Entries are not kept in memory.
 *
 * Iterating throws an {@link ArchiveError} `INVALID_ARCHIVE` if the directory is damaged or contradicts itself.
 */
export interface Archive extends AsyncIterable<ArchiveEntry> {
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
	/**
	 * Looks for the entry of a name. The first call reads the directory, and keeps it if it has up to 16 MiB, some 100,000
	 * entries; later calls look there. A larger one is read for each call.
	 *
	 * @param name - Exactly as {@link EntryFacts.name} has it.
	 * @returns `undefined` if there is none.
	 * @throws {@link ArchiveError} `INVALID_ARCHIVE` if there are several of this name, or the directory is damaged.
	 */
	get(name: string): Promise<ArchiveEntry | undefined>;
	/** Closes the file or the connections. */
	close(): Promise<void>;
	/** The same as {@link Archive.close}, for `await using`. */
	[Symbol.asyncDispose](): Promise<void>;
}
