import type { Joins } from "./base/chains.ts";

/** What of an archive the storage copies. */
export interface Copied {
	readonly entryCount: number;
	/** Bytes of the archive. */
	readonly size: number;
	/** Bytes of these entries before compression, where somebody has added them up. */
	readonly sourceSize?: number | undefined;
	/** Parts that they are copied in, and those that end before each range, where there are such. */
	readonly partCount: number;
	/** There if short runs are joined before they are copied. */
	readonly joins?: Joins | undefined;
	/** Bytes of a base that are made again, and would be copied as well if short runs were joined. */
	readonly joinableSize?: number | undefined;
	/** There if ranges stand among what is made, and not before all of it. */
	readonly among?: AmongMade | undefined;
}

/** How ranges among what is made decide about its parts. */
export interface AmongMade {
	/** Bytes that are made in the parts that end before each range, at least. */
	readonly sentSize: number;
	/** Bytes of all other parts, if the size of the archive has a bound. */
	readonly partSize: number;
	/** Most of these; `undefined` if the size of the archive has no bound. */
	readonly otherPartCount: number | undefined;
}

export const NOTHING_COPIED: Copied = { entryCount: 0, size: 0, partCount: 0 };
