import type { Batches } from "../../async/batches.ts";
import type { ArchiveReader } from "../../reader/archive-reader.ts";
import { headerLengthAt, readHeader } from "../../reader/directory/read-header.ts";
import type { EntryFacts } from "../../reader/entry.ts";
import { readRange } from "../../reader/ranged/ranged-source.ts";

/** An entry, and where what follows it begins. */
export interface Piece {
	readonly entry: EntryFacts;
	/** Byte of the archive at which the next entry begins, or the directory. */
	readonly next: number;
}

/**
 * The entries in the order in which they lie in the archive. If that is the order of the directory, they are passed on while it is
 * read; else its bytes are held in memory.
 *
 * @param order - Positions in the directory; `undefined` for its own order.
 */
export async function* piecesOf(
	reader: ArchiveReader,
	order: Uint32Array | undefined,
	signal: AbortSignal | undefined,
): Batches<Piece> & AsyncGenerator<Iterable<Piece>, void, void> {
	const { directoryStart } = reader.end;
	const entries = order === undefined ? reader.entries(signal) : sortedEntries(reader, order, signal);
	let last: EntryFacts | undefined;
	function* piecesIn(batch: Iterable<EntryFacts>): Generator<Piece, void, void> {
		for (const entry of batch) {
			const before = last;
			last = entry;
			if (before !== undefined) yield { entry: before, next: entry.offset };
		}
	}
	for await (const batch of entries) yield piecesIn(batch);
	if (last !== undefined) yield [{ entry: last, next: directoryStart }];
}

/** Entries that are read at once, so that others have their turn between. */
const BATCH = 1_000;

async function* sortedEntries(
	{ source, end: { directoryStart, directoryEnd, entryCount } }: ArchiveReader,
	order: Uint32Array,
	signal: AbortSignal | undefined,
): AsyncGenerator<Iterable<EntryFacts>, void, void> {
	const directory = await readRange(source, directoryStart, directoryEnd, signal);
	const starts = new Float64Array(entryCount + 1);
	for (let index = 0; index < entryCount; index++) {
		const at = starts[index] ?? 0;
		starts[index + 1] = at + headerLengthAt(directory, at);
	}
	function* entriesFrom(first: number) {
		for (const index of order.subarray(first, first + BATCH)) {
			const header = Buffer.from(directory.subarray(starts[index], starts[index + 1]));
			yield readHeader(header, 0, index) as EntryFacts; // it was read before
		}
	}
	for (let first = 0; first < order.length; first += BATCH) yield entriesFrom(first);
}
