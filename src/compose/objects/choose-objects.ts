import type { PartLimits } from "../../s3/providers.ts";
import { BASE_PART_SIZE } from "../../storage/parts/part-size.ts";
import { BLOCK_SIZE } from "../../zip/format/limits.ts";

/** What the choice depends on. */
export interface Choosing {
	/** Sizes of all objects that could be copied, bytes. */
	readonly sizes: readonly number[];
	/** Bytes that the archive cannot exceed; `undefined` if unknown. */
	readonly sizeBound: number | undefined;
	readonly limits: PartLimits;
	/** Bytes of a part, if the caller has said so. */
	readonly partSize: number | undefined;
}

/** Which objects are copied, and what parts that takes. */
export interface ObjectChoice {
	/** Number of objects. */
	readonly count: number;
	/** Bytes of the smallest of them. Others of this size may be left: the first ones are copied. */
	readonly minSize: number;
	/** Objects of exactly that size that are copied. */
	readonly countOfMinSize: number;
	/** Bytes that the storage copies. */
	readonly copiedSize: number;
	/** Bytes of objects that are sent, each with what stands before it, in a part that ends there. */
	readonly sentSize: number;
	/** Parts for the two. */
	readonly partCount: number;
	/** Bytes of the parts that hold everything else. */
	readonly partSize: number;
	/** Most of these parts, if the size of the archive has a bound. */
	readonly otherPartCount: number | undefined;
}

/** Sources may grow between planning and reading. */
const HEADROOM = 0.99;
/** Parts are made larger, twice at most, so that more objects can be copied. */
const PART_SIZES = [1, 2, 4] as const;
/** Of the parts, where nobody knows how many the rest takes. */
const SHARE_OF_UNKNOWN = 1 / 2;

/** Bytes of an object that are sent: a part before a range has to be as large as any. */
export function startSizeOf({ minPartSize }: PartLimits): number {
	return minPartSize;
}

/**
 * The smallest object that can be copied: its beginning is a part, and its rest is one. What is one block has its CRC-32 in front, and
 * not behind.
 */
export function minCopiedSize(limits: PartLimits): number {
	return Math.max(startSizeOf(limits) + limits.minPartSize, BLOCK_SIZE + 1);
}

/**
 * Chooses the objects to copy. Each takes one part for its beginning and what stands before that, and one for the rest, or several if that
 * is large; so the number of parts limits how many there can be, and the largest are chosen.
 */
export function chooseObjects({ sizes, sizeBound, limits, partSize }: Choosing): ObjectChoice | undefined {
	const sorted = Float64Array.from(sizes).sort().reverse();
	const sizesOfParts =
		partSize === undefined ? PART_SIZES.map((factor) => factor * BASE_PART_SIZE) : [partSize];
	let best: ObjectChoice | undefined;
	for (const size of sizesOfParts) {
		const choice = choose(sorted, sizeBound, limits, Math.max(size, minCopiedSize(limits)));
		if (choice !== undefined && choice.count > (best?.count ?? 0)) best = choice;
		if (best?.count === sorted.length) break;
	}
	return best;
}

function choose(
	sorted: Float64Array,
	sizeBound: number | undefined,
	limits: PartLimits,
	partSize: number,
): ObjectChoice | undefined {
	const startSize = startSizeOf(limits);
	const room = Math.floor(limits.maxPartCount * (sizeBound === undefined ? SHARE_OF_UNKNOWN : HEADROOM));
	let best: ObjectChoice | undefined;
	let copiedSize = 0;
	let partCount = 0;
	let countOfMinSize = 0;
	for (const [index, size] of sorted.entries()) {
		const rest = size - startSize;
		copiedSize += rest;
		partCount += 1 + Math.ceil(rest / limits.maxPartSize);
		if (partCount > room) break;
		countOfMinSize = size === sorted[index - 1] ? countOfMinSize + 1 : 1;
		const count = index + 1;
		const sentSize = count * startSize;
		// The beginning of an object takes that much of a part from what stands before it.
		const otherPartCount =
			sizeBound === undefined
				? undefined
				: Math.ceil(Math.max(0, sizeBound - copiedSize - sentSize) / (partSize - startSize)) + 1;
		if (partCount + (otherPartCount ?? 0) > room) continue;
		best = {
			count,
			minSize: size,
			countOfMinSize,
			copiedSize,
			sentSize,
			partCount,
			partSize,
			otherPartCount,
		};
	}
	return best;
}
