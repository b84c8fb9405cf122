import type { Batches } from "../async/batches.ts";
import { type EndRecords, findEndRecords } from "./directory/end-records.ts";
import { readDirectory } from "./directory/read-directory.ts";
import type { EntryFacts } from "./entry.ts";
import type { OpenedSource, RangedSource } from "./ranged/ranged-source.ts";

/** An archive whose end has been found: what the rooms above read. */
export class ArchiveReader {
	readonly source: RangedSource;
	readonly end: EndRecords;
	readonly #tail: Uint8Array;

	/** @throws {ArchiveError} `INVALID_ARCHIVE` */
	constructor({ source, tail }: OpenedSource) {
		this.source = source;
		this.end = findEndRecords(source.location, source.size, tail);
		this.#tail = tail;
	}

	/**
	 * The entries in the order of the directory. Without a request if the directory is within the tail, else with one
	 * for the rest of it. Can be called again.
	 */
	entries(signal?: AbortSignal | undefined): Batches<EntryFacts> {
		return readDirectory(this.source.location, this.end, this.#directory(signal));
	}

	/** The bytes of the directory: those before the tail are requested, and read while they come in. */
	async *#directory(signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, void, void> {
		const { directoryStart, directoryEnd } = this.end;
		const tailStart = this.source.size - this.#tail.byteLength;
		const border = Math.max(directoryStart, tailStart);
		if (directoryStart < border) yield* this.source.read(directoryStart, border, signal);
		signal?.throwIfAborted();
		if (border < directoryEnd) yield this.#tail.subarray(border - tailStart, directoryEnd - tailStart);
	}

	close(): Promise<void> {
		return this.source.close();
	}
}
