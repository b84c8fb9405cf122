import { ArchiveTooLargeError, InvalidOptionError } from "../errors.ts";
import type { PartLimits, Provider } from "./providers.ts";

const MiB = 1024 * 1024;

/** Where nothing asks for more. The upload holds about ten parts of it. */
export const BASE_PART_SIZE: number = 8 * MiB;
/** For streams of unknown size: 156 GiB in 10,000 parts. */
export const UNKNOWN_SIZE_PART_SIZE: number = 16 * MiB;

/** Planned below the limit: sources may grow between planning and reading. */
const HEADROOM = 0.99;

export interface PartPlan {
	/** Bytes. */
	readonly partSize: number;
	/** Most parts the archive can take; `undefined` if its size has no bound. */
	readonly maxPartCount: number | undefined;
	/** Bytes the archive may reach before it does not fit any more. */
	readonly capacity: number;
}

/**
 * Chooses one size for all parts, which every storage takes: the base, or what it needs to stay within
 * 99 % of the permitted number of parts.
 *
 * @param sizeBound - Bytes the archive cannot exceed; `undefined` if unknown.
 * @param wanted - The user's part size, bytes.
 * @throws {ArchiveTooLargeError} if the archive may not fit, before anything is sent.
 * @throws {InvalidOptionError} for a part size out of the storage's range.
 */
export function planPartSize(
	sizeBound: number | undefined,
	wanted: number | undefined,
	{ limits, name }: Provider,
): PartPlan {
	const { minPartSize, maxPartSize, maxPartCount, maxObjectSize } = limits;
	if (wanted !== undefined && !(Number.isInteger(wanted) && wanted >= minPartSize && wanted <= maxPartSize)) {
		throw new InvalidOptionError(
			`the part size is ${describeSize(minPartSize)} to ${describeSize(maxPartSize)} for provider ${name}, not ${describeSize(wanted)}`,
		);
	}
	const largestObject = Math.min(maxObjectSize, maxPartSize * maxPartCount);
	if (sizeBound !== undefined && sizeBound > largestObject) {
		throw new ArchiveTooLargeError(
			`the archive may reach ${describeSize(sizeBound)}; provider ${name} takes objects of up to ${describeSize(largestObject)}`,
		);
	}
	const partSize = wanted ?? neededPartSize(sizeBound, limits);
	const capacity = Math.min(partSize * maxPartCount, largestObject);
	if (sizeBound !== undefined && sizeBound > capacity) {
		const needed = neededPartSize(sizeBound, limits);
		throw new ArchiveTooLargeError(
			`the archive may reach ${describeSize(sizeBound)}, and ${maxPartCount.toLocaleString("en")} parts of ${describeSize(partSize)} hold ${describeSize(capacity)}; set the part size to ${describeSize(needed)} or leave it out`,
		);
	}
	return {
		partSize,
		capacity,
		maxPartCount: sizeBound === undefined ? undefined : Math.max(1, Math.ceil(sizeBound / partSize)),
	};
}

function neededPartSize(sizeBound: number | undefined, { maxPartSize, maxPartCount }: PartLimits): number {
	if (sizeBound === undefined) return UNKNOWN_SIZE_PART_SIZE;
	const needed = Math.ceil(sizeBound / Math.floor(maxPartCount * HEADROOM) / MiB) * MiB;
	return Math.min(Math.max(BASE_PART_SIZE, needed), maxPartSize);
}

/** Bytes in the largest unit that keeps them readable, binary: `8 MiB`, `1.5 GiB`. */
export function describeSize(bytes: number): string {
	const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
	let value = bytes;
	let unit = 0;
	while (value >= 1024 && unit < units.length - 1) {
		value /= 1024;
		unit += 1;
	}
	return `${unit === 0 ? value : Number(value.toPrecision(3))} ${units[unit]}`;
}
