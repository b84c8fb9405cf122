import type { ProviderName } from "../s3/providers.ts";
import type { PinnedSource } from "../sources/pins/entry-pin.ts";
import type { Level, MethodChoice } from "../zip/entry.ts";
import type { ShardPlan } from "./shard-plan.ts";

/**
 * All that has to be known to make any shard, and to finish: an object beside the archive, under a reserved prefix. It is written
 * last, when all it refers to is there, and removed when the archive is complete.
 */
export interface Manifest extends ShardPlan {
	/** Program, and version of the bytes that it gives. */
	readonly software: string;
	/** ISO 8601, UTC. */
	readonly plannedAt: string;
	/** As it was when the upload was created: its facts decide about part numbers and hashes. */
	readonly provider: ProviderName;
	/** Options that decide about bytes. */
	readonly archive: {
		readonly method: MethodChoice;
		readonly level: Level;
		readonly comment: string;
		/** ISO 8601; see the options of the same names. */
		readonly mtime?: string | undefined;
		readonly maxMtime?: string | undefined;
	};
	/** Options of the object that finishing needs; the others went with the request that created the upload. */
	readonly object: {
		readonly noClobber: boolean;
		readonly tags?: Readonly<Record<string, string>> | undefined;
	};
	/** SHA-256 of what the planner's compression makes of data that is always the same: see {@link compressionProbe}. */
	readonly probe: string;
	/** Rows of entries name them by their index. */
	readonly sources: readonly PinnedSource[];
	/** Objects with rows, in order. */
	readonly pages: readonly EntryPage[];
	/** In order; together they have all entries. */
	readonly shards: readonly Shard[];
	/** Where the central directory goes, behind all shards. */
	readonly directory: {
		readonly firstPart: number;
		readonly partCount: number;
		/** Bytes at most, end records and the tail of the last shard included. */
		readonly sizeBound: number;
	};
	/** Bytes of each part but the last ones of shards. */
	readonly partSize: number;
	/** Whether all sizes are known before anything is read, and so all part numbers follow each other without a gap. */
	readonly exact: boolean;
}

/** An object with rows of entries: see `entry-rows.ts`. */
export interface EntryPage {
	/** Bytes. */
	readonly size: number;
	/** Of all its bytes. */
	readonly crc32: number;
}

/** Neighbouring entries that one worker makes, and the numbers of their parts. */
export interface Shard {
	readonly entryCount: number;
	/**
	 * Bytes of their files. Together with their local headers they are at least the smallest part of the storage, but for the last shard.
	 */
	readonly sourceSize: number;
	/** Bytes that it cannot exceed as part of the archive; exactly these if {@link Manifest.exact}. */
	readonly sizeBound: number;
	/** Its rows: each range is of one page, in order. */
	readonly rows: readonly RowRange[];
	/** Number of its first part, from 1. */
	readonly firstPart: number;
	/** What the storage copies of it, in order; none in a manifest of version 1. */
	readonly copies?: readonly ShardCopy[] | undefined;
	/** Parts it may have: numbers up to `firstPart + partCount - 1`. */
	readonly partCount: number;
}

/** A range of an object that the storage has already: it is a part, or several if it is larger than one may be. */
export interface ShardCopy {
	/** Number of its entry in the shard, from 0. */
	readonly entry: number;
	/** Bytes of its content before the range. */
	readonly offset: number;
	/** Bytes of the range. */
	readonly byteLength: number;
}

/** Whole rows within a page. */
export interface RowRange {
	/** Index of the page. */
	readonly page: number;
	/** Bytes from the start of the page. */
	readonly offset: number;
	/** Bytes. */
	readonly size: number;
	/** Of these bytes. */
	readonly crc32: number;
}
