import type { DirectorySlice } from "./directory/slice.ts";

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
	/** Local headers, data and data descriptors of its entries, one after the other. */
	readonly spans: Iterable<Span<Range>>;
	readonly directory: DirectorySlice;
	/** Its origin, for messages. */
	readonly origin: string;
}
