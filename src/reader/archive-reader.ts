import type { Batches } from "../async/batches.ts";
import { tap } from "../bytes/tap.ts";
import { MiB } from "../bytes/units.ts";
import { type EndRecords, findEndRecords } from "./directory/end-records.ts";
import { NameLookup, severalOf } from "./directory/name-lookup.ts";
import { readDirectory } from "./directory/read-directory.ts";
import type { EntryFacts } from "./entry.ts";
import type { OpenedSource, RangedSource } from "./ranged/ranged-source.ts";

/** Bytes of a directory that is kept for looking up names: that of some 100,000 entries. */
const LARGEST_KEPT = 16 * MiB;

/** An archive whose end has been found: what the rooms above read. */
export class ArchiveReader {
	readonly source: RangedSource;
	readonly end: EndRecords;
	readonly #tail: Uint8Array;
	#lookup: NameLookup | undefined;

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

	/**
	 * Looks for the entry of a name. The first call reads the directory; if that is small enough it is kept, and later
	 * calls look there.
	 *
	 * @throws {ArchiveError} `INVALID_ARCHIVE` if there are several of this name.
	 */
	async get(name: string, signal?: AbortSignal | undefined): Promise<EntryFacts | undefined> {
		signal?.throwIfAborted();
		const { directoryStart, directoryEnd } = this.end;
		if (directoryEnd - directoryStart > LARGEST_KEPT) return this.#search(name, signal);
		this.#lookup ??= await this.#makeLookup(signal);
		return this.#lookup.get(name);
	}

	async #makeLookup(signal: AbortSignal | undefined): Promise<NameLookup> {
		const chunks: Uint8Array[] = [];
		const names: string[] = [];
		const kept = tap(this.#directory(signal), { update: (chunk) => void chunks.push(chunk) });
		for await (const batch of readDirectory(this.source.location, this.end, kept))
			for (const entry of batch) names.push(entry.name);
		return new NameLookup(this.source.location, Buffer.concat(chunks), names);
	}

	async #search(name: string, signal: AbortSignal | undefined): Promise<EntryFacts | undefined> {
		let found: EntryFacts | undefined;
		for await (const batch of this.entries(signal)) {
			for (const entry of batch) {
				if (entry.name !== name) continue;
				if (found !== undefined) throw severalOf(this.source.location, name);
				found = entry;
			}
		}
		return found;
	}

	close(): Promise<void> {
		return this.source.close();
	}
}
