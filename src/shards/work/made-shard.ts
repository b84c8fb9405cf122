import type { SliceHead } from "../slice.ts";

/** A shard that is made. */
export interface MadeShard {
	/** From 0. */
	readonly index: number;
	/** Bytes of the archive. */
	readonly size: number;
	/** Entries in it. */
	readonly entryCount: number;
	/** Parts that were uploaded for it. */
	readonly partCount: number;
	/** Bytes of its files before compression. */
	readonly contentSize: number;
	/** Entries of which the storage has copied the most, from objects of its own. */
	readonly copiedEntryCount: number;
	/** Bytes that it has copied; all others were sent. */
	readonly copiedSize: number;
	/** It was made before, and the storage holds all of it: nothing was sent. */
	readonly alreadyMade: boolean;
	/**
	 * Somebody has finished the archive, or aborted it, while this shard was made. Nothing of it was needed any more, and nothing of it is
	 * left; its numbers are 0.
	 */
	readonly over: boolean;
}

export function madeShard(
	{ index, size, entryCount, parts, contentSize, copiedEntryCount, copiedSize }: SliceHead,
	alreadyMade: boolean,
): MadeShard {
	const copied = { copiedEntryCount, copiedSize };
	return {
		index,
		size,
		entryCount,
		partCount: parts.length,
		contentSize,
		...copied,
		alreadyMade,
		over: false,
	};
}

export function shardOfPlanThatIsOver(index: number): MadeShard {
	const nothing = {
		size: 0,
		entryCount: 0,
		partCount: 0,
		contentSize: 0,
		copiedEntryCount: 0,
		copiedSize: 0,
	};
	return { index, ...nothing, alreadyMade: false, over: true };
}
