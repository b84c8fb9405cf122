import type { CompletedPart } from "../storage/parts/completed-part.ts";

/**
 * What a worker leaves of a shard that it has made, as an object beside the archive: its parts, and its slice of the central directory.
 * The object is a line of JSON, this, followed by the bytes of the slice, then by those of the tail.
 */
export interface SliceHead {
	/** Version of this format. */
	readonly version: 1;
	/** Id of the plan. */
	readonly plan: string;
	/** Of the shard, from 0. */
	readonly index: number;
	/** Bytes of the shard in the archive, its tail included. */
	readonly size: number;
	readonly entryCount: number;
	/** Bytes of its slice of the central directory, whose offsets count from the start of the shard. */
	readonly directorySize: number;
	/** Of the slice and the tail, one after the other. */
	readonly crc32: number;
	/** By number. The storage holds the shard only if it lists all of these with the same ETags. */
	readonly parts: readonly CompletedPart[];
	/**
	 * Bytes at the end of the last shard that are less than a part, and go before the central directory: so the whole archive may be
	 * smaller than the smallest part. 0 for all other shards.
	 */
	readonly tailSize: number;
	/** Bytes of files before compression. */
	readonly contentSize: number;
	/** Entries of which the storage has copied the most. */
	readonly copiedEntryCount: number;
	/** Bytes that it has copied. */
	readonly copiedSize: number;
}
