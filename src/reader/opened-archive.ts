import type { Archive, ArchiveEntry } from "./archive.ts";
import type { ArchiveReader } from "./archive-reader.ts";
import { decodeText } from "./directory/entry-name.ts";
import type { EntryFacts } from "./entry.ts";
import { contentOf } from "./entry-content.ts";
import type { SourceIdentity } from "./ranged/ranged-source.ts";

/** An {@link Archive} on what the rooms above read. */
export class OpenedArchive implements Archive {
	readonly location: string;
	readonly size: number;
	readonly entryCount: number;
	readonly comment: string;
	readonly zip64: boolean;
	readonly identity: SourceIdentity;
	readonly #reader: ArchiveReader;
	readonly #signal: AbortSignal | undefined;

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

	async *[Symbol.asyncIterator](): AsyncGenerator<ArchiveEntry, void, void> {
		for await (const batch of this.#reader.entries(this.#signal))
			for (const entry of batch) yield this.#withContent(entry);
	}

	async get(name: string): Promise<ArchiveEntry | undefined> {
		const found = await this.#reader.get(name, this.#signal);
		return found && this.#withContent(found);
	}

	close(): Promise<void> {
		return this.#reader.close();
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}

	#withContent(entry: EntryFacts): ArchiveEntry {
		return { ...entry, open: (signal = this.#signal) => contentOf(this.#reader, entry, signal) };
	}
}
