import { chooseObjects, type ObjectChoice, startSizeOf } from "../../../compose/objects/choose-objects.ts";
import type { PartLimits } from "../../../s3/providers.ts";
import type { ShardCopy } from "../../manifest.ts";
import { partCountOf } from "../part-numbers.ts";
import type { CopyCandidate } from "./copy-candidates.ts";

/** What is known of an archive before its parts are numbered. */
export interface LaidArchive {
	/** Of each shard, exactly. */
	readonly shards: readonly { readonly entryCount: number; readonly sizeBound: number }[];
	/** In order. */
	readonly candidates: readonly CopyCandidate[];
	/** Bytes of the central directory and all that may stand before it, at most. */
	readonly directoryBound: number;
	/** Bytes per part, if somebody has asked for it. */
	readonly partSize: number | undefined;
	/** Bytes per part that would do if nothing was copied. */
	readonly usualPartSize: number;
}

/** What is copied of a shard, and its parts then. */
interface LaidShard {
	readonly copies: readonly ShardCopy[];
	readonly partCount: number;
}

/** What is copied of an archive. */
export interface LaidCopies {
	/** Bytes of all parts that are sent, but for the last before a range and of a shard. */
	readonly partSize: number;
	/** Of each shard. */
	readonly shards: readonly LaidShard[];
}

/** At the end of a shard what is sent may take a part more, and so may the end of an object that is copied. */
const PARTS_OF_SHARD = 2;

/**
 * Chooses the objects that are copied, the largest if there are too many, and lays out the parts of all shards.
 *
 * @returns `undefined` if nothing is copied.
 */
export function layCopies(archive: LaidArchive, limits: PartLimits): LaidCopies | undefined {
	const choice = choose(archive, limits);
	if (choice === undefined) return undefined;
	const { partSize } = choice;
	const chosen = archive.candidates.filter(chooser(choice));
	const shards: LaidShard[] = [];
	let [start, firstEntry, at] = [0, 0, 0];
	for (const [index, { entryCount, sizeBound: size }] of archive.shards.entries()) {
		const from = at;
		while (at < chosen.length && (chosen[at]?.entry ?? 0) < firstEntry + entryCount) at += 1;
		const isLast = index === archive.shards.length - 1;
		shards.push(layShard(chosen.slice(from, at), { start, firstEntry, size, isLast }, partSize, limits));
		start += size;
		firstEntry += entryCount;
	}
	const ofDirectory = Math.ceil(archive.directoryBound / partSize);
	const partCount = shards.reduce((sum, shard) => sum + shard.partCount, ofDirectory);
	const isCopied = shards.some(({ copies }) => copies.length > 0);
	return isCopied && partCount <= limits.maxPartCount ? { partSize, shards } : undefined;
}

function choose(
	{ shards, candidates, directoryBound, partSize, usualPartSize }: LaidArchive,
	limits: PartLimits,
): ObjectChoice | undefined {
	const all = {
		sizes: candidates.map(({ size }) => size),
		sizeBound: shards.reduce((sum, { sizeBound }) => sum + sizeBound, directoryBound),
		limits: { ...limits, maxPartCount: limits.maxPartCount - PARTS_OF_SHARD * shards.length },
	};
	const choice = chooseObjects({ ...all, partSize });
	if (partSize !== undefined || choice?.count === candidates.length) return choice;
	// Of terabytes the parts are larger anyway.
	const usual = chooseObjects({ ...all, partSize: usualPartSize });
	return (usual?.count ?? 0) > (choice?.count ?? 0) ? usual : choice;
}

/** The first ones where some of the same size are left out. */
function chooser({ minSize, countOfMinSize }: ObjectChoice) {
	let left = countOfMinSize;
	return ({ size }: CopyCandidate): boolean => size > minSize || (size === minSize && left-- > 0);
}

interface ShardPlace {
	/** Offset in the archive. */
	readonly start: number;
	/** Number of its first entry. */
	readonly firstEntry: number;
	/** Bytes. */
	readonly size: number;
	readonly isLast: boolean;
}

/**
 * Lays out one shard. What stands before a range, and behind the last one, is sent in parts of the full size but for the last of them,
 * which gets what it lacks of the smallest size from the part before it. If that is not enough behind the last range, the end of that
 * object is sent as well.
 */
function layShard(
	chosen: readonly CopyCandidate[],
	{ start, firstEntry, size: shardSize, isLast }: ShardPlace,
	partSize: number,
	limits: PartLimits,
): LaidShard {
	const { minPartSize, maxPartSize } = limits;
	const copies: ShardCopy[] = [];
	let [sentFrom, partCount] = [0, 0];
	for (const [index, candidate] of chosen.entries()) {
		const { entry, end, size } = candidate;
		const behind = shardSize - (end - start);
		const isEnd = index === chosen.length - 1 && !isLast;
		const endSize = isEnd ? Math.max(0, minPartSize - behind) : 0;
		const offset = startSizeOf(limits);
		const byteLength = size - offset - endSize;
		if (byteLength < minPartSize) continue;
		const rangeStart = end - start - size + offset;
		partCount += Math.ceil((rangeStart - sentFrom) / partSize);
		partCount += Math.ceil(byteLength / maxPartSize);
		sentFrom = rangeStart + byteLength;
		copies.push({ entry: entry - firstEntry, offset, byteLength });
	}
	const rest = shardSize - sentFrom;
	partCount +=
		isLast || copies.length === 0 ? partCountOf(rest, partSize, minPartSize) : Math.ceil(rest / partSize);
	return { copies, partCount };
}
