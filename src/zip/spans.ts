import type { DirectorySlice } from "./directory/slice.ts";
import type { Entry } from "./entry.ts";

/** Bytes that exist elsewhere. Who asked for them knows where; here only their number counts. */
export interface ForeignRange {
	readonly byteLength: number;
}

/** A piece of an archive: bytes made here, or a range of something that exists. */
export type Span<Range extends ForeignRange = never> = Uint8Array | Range;

/**
 * Entries whose bytes exist already: another thread or process has made them, or they stand in an archive.
 * Nothing in them says where they are, so they go into an archive unchanged; only their directory does.
 */
export interface FinishedRun<Range extends ForeignRange = never> {
	/** Local headers, data and data descriptors of its entries, one after the other. Each is good until the next one is taken. */
	readonly spans: Iterable<Span<Range>>;
	/** Of all spans. */
	readonly byteLength: number;
	/** Taken after the spans. */
	readonly directory: DirectorySlice;
	/** The origin of an entry, by its number in the run, for messages. */
	originOf(index: number): string;
	/** {@link Entry.position} of an entry, by its number in the run; asked only where the directory has an order of its own. */
	positionOf?(index: number): number | undefined;
	/**
	 * Bytes of memory that it takes until it is laid out.
	 *
	 * @defaultValue all of its bytes
	 */
	readonly heldSize?: number | undefined;
	/** What was read for it in this run of the program, if anything was. */
	readonly read?: RunContent | undefined;
}

/** Bytes of memory that a run takes while it waits. */
export function heldSizeOf({ heldSize, byteLength }: FinishedRun<ForeignRange>): number {
	return heldSize ?? byteLength;
}

/**
 * The order in which the directory lists the entries, where that is not the order of their data. Positions say nothing to those who pass
 * them on: only whoever gives the order knows what they mean.
 */
export interface Placement {
	/** Gets the position of each entry, in the order of the data. */
	add(position: number | undefined): void;
	/** The numbers of all entries, as they were added, in the order of the directory; asked when all have been. */
	order(): Uint32Array;
}

/** What a run was made of. */
interface RunContent {
	readonly lastEntry: Pick<Entry, "name" | "kind">;
	/** Bytes before compression. */
	readonly size: number;
}
