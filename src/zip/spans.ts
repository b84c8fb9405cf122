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
	/** What was read for it in this run of the program, if anything was. */
	readonly read?: RunContent | undefined;
}

/** What a run was made of. */
interface RunContent {
	readonly lastEntry: Entry;
	/** Bytes before compression. */
	readonly size: number;
}
