import { describeSize, formatNumber, MiB } from "../../bytes/units.ts";
import { ArchiveTooLargeError, InvalidOptionError } from "../../errors.ts";
import { invalidOption } from "../../options/invalid-option.ts";
import type { PartLimits } from "../../s3/providers.ts";
import { BASE_PART_SIZE } from "../../storage/parts/part-size.ts";
import { sendable } from "../../storage/parts/sendable-part.ts";
import type { Manifest, Shard } from "../manifest.ts";

/** What is known of an archive before its parts are numbered. */
export interface Numbered {
	/** {@link Shard.sizeBound} of each shard. */
	readonly sizeBounds: readonly number[];
	/** Bytes of the central directory and the end records at most. */
	readonly directoryBound: number;
	/** See {@link Manifest.exact}. */
	readonly exact: boolean;
	/** Bytes per part, if somebody has asked for it. */
	readonly partSize?: number | undefined;
}

/** Which numbers the parts of an archive have. */
export interface PartNumbers extends Pick<Manifest, "partSize" | "directory"> {
	readonly shards: readonly Pick<Shard, "firstPart" | "partCount" | "copies">[];
}

/**
 * The number of parts that a shard of exactly this size has. All have the full size but the last, which takes what is left: at least
 * the smallest part, and less than that more than a full one. Bytes at the end of the last shard that are too few for a part of
 * their own may go before the central directory instead, which does not change the number.
 *
 * @param size - Bytes; at least the smallest part, unless it is the last shard.
 */
export function partCountOf(size: number, partSize: number, minPartSize: number): number {
	const fullCount = Math.floor(size / partSize);
	return size - fullCount * partSize >= minPartSize ? fullCount + 1 : fullCount;
}

/**
 * Gives each shard the numbers of its parts, and the central directory those behind them: as many as each may need. The parts are as
 * small as that allows.
 *
 * @throws {ArchiveTooLargeError} if the storage does not take so many parts, or so large an object.
 * @throws {InvalidOptionError} for a part size out of range, and for more shards than there are numbers.
 */
export function numberParts(archive: Numbered, limitsOfStorage: PartLimits): PartNumbers {
	const limits = sendable(limitsOfStorage);
	checkObjectSize(archive, limits);
	const partSize = archive.partSize ?? neededPartSize(archive, limits);
	checkPartSize(archive, partSize, limits);
	const { minPartSize } = limits;
	let firstPart = 1;
	const shards = archive.sizeBounds.map((size) => {
		const partCount = archive.exact ? partCountOf(size, partSize, minPartSize) : partsAtMost(size, partSize);
		const shard = { firstPart, partCount };
		firstPart += partCount;
		return shard;
	});
	const sizeBound = directoryBound(archive, minPartSize);
	return {
		partSize,
		shards,
		directory: { firstPart, partCount: partsAtMost(sizeBound, partSize), sizeBound },
	};
}

/** The end of the last shard may come before it, if that is less than a part. */
function directoryBound({ directoryBound }: Numbered, minPartSize: number): number {
	return directoryBound + minPartSize;
}

function partsAtMost(size: number, partSize: number): number {
	return Math.max(1, Math.ceil(size / partSize));
}

/** Enough also for sizes that are known exactly. */
function countParts(archive: Numbered, partSize: number, minPartSize: number): number {
	const ofShards = archive.sizeBounds.reduce((sum, size) => sum + partsAtMost(size, partSize), 0);
	return ofShards + partsAtMost(directoryBound(archive, minPartSize), partSize);
}

/** The smallest in whole MiB, found by halving: the larger the parts, the fewer. */
function neededPartSize(archive: Numbered, { minPartSize, maxPartSize, maxPartCount }: PartLimits): number {
	const base = Math.max(BASE_PART_SIZE, minPartSize) / MiB;
	const largest = Math.floor((maxPartSize - minPartSize) / MiB);
	const isEnough = (size: number) => countParts(archive, size * MiB, minPartSize) <= maxPartCount;
	let [low, high] = [Math.ceil(base), largest];
	while (low < high) {
		const middle = Math.floor((low + high) / 2);
		if (isEnough(middle)) high = middle;
		else low = middle + 1;
	}
	return low * MiB;
}

function checkObjectSize({ sizeBounds, directoryBound }: Numbered, { maxObjectSize }: PartLimits): void {
	const size = sizeBounds.reduce((sum, bound) => sum + bound, directoryBound);
	if (size <= maxObjectSize) return;
	throw new ArchiveTooLargeError(
		`the archive may reach ${describeSize(size)}; the storage takes objects of up to ${describeSize(maxObjectSize)}`,
	);
}

/** The last part of a shard may be larger by nearly the smallest part. */
function checkPartSize(archive: Numbered, partSize: number, limits: PartLimits): void {
	const { minPartSize, maxPartSize, maxPartCount } = limits;
	const largest = maxPartSize - minPartSize;
	if (!(Number.isInteger(partSize) && partSize >= minPartSize && partSize <= largest)) {
		const range = `${describeSize(minPartSize)} to ${describeSize(largest)}`;
		throw invalidOption(
			"partSize",
			`a whole number of bytes, ${range} for an archive made of shards`,
			partSize,
		);
	}
	const count = countParts(archive, partSize, minPartSize);
	if (count <= maxPartCount) return;
	const shardCount = archive.sizeBounds.length;
	if (shardCount >= maxPartCount) {
		const problem = `${formatNumber(shardCount)} shards have a part each at least, and the storage takes ${formatNumber(maxPartCount)} parts`;
		throw new InvalidOptionError(problem, {
			advice: {
				kind: "set-option",
				option: "maxEntries",
				alternative: "maxBytes",
				purpose: "to have fewer shards",
			},
		});
	}
	const needed = neededPartSize(archive, limits);
	const isTooLarge = countParts(archive, needed, minPartSize) > maxPartCount;
	const problem = `the archive may need ${formatNumber(count)} parts of ${describeSize(partSize)}, and the storage takes ${formatNumber(maxPartCount)}`;
	throw new ArchiveTooLargeError(
		isTooLarge ? problem : `${problem}; set the part size to ${describeSize(needed)} or leave it out`,
	);
}
