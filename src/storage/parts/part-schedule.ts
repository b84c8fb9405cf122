import type { PartLimits } from "../../s3/providers.ts";

/** How large each part of an upload is. */
export interface PartSchedule {
	/** Bytes of the part with this number, counted from 1; the last may be shorter. */
	readonly partSizeOf: (partNumber: number) => number;
	/** Bytes that fit into the permitted number of parts. */
	readonly capacity: number;
	/** Whether parts get larger on the way. */
	readonly grows: boolean;
}

/** Sizes that are tried; our own uploads have a dozen at most. */
const MAX_CANDIDATES = 32;

/** After this share of the permitted parts they double: every 1,000 of 10,000. */
const STEPS = 10;

/** Parts of one size, which every storage takes. */
export function equalParts(partSize: number, { maxPartCount, maxObjectSize }: PartLimits): PartSchedule {
	const capacity = Math.min(partSize * maxPartCount, maxObjectSize);
	return { partSizeOf: () => partSize, capacity, grows: false };
}

/**
 * Parts that double after every tenth of the permitted number, up to the largest that is taken. What is
 * small needs little memory, and what turns out to be large still fits: from 16 MiB on, 10,000 parts hold
 * more than the 5 TiB that most storages take.
 */
export function growingParts(firstSize: number, limits: PartLimits): PartSchedule {
	const { maxPartSize, maxPartCount, maxObjectSize } = limits;
	const step = growthStep(limits);
	const partSizeOf = (partNumber: number) =>
		Math.min(maxPartSize, firstSize * 2 ** doublings(partNumber, step));
	let capacity = 0;
	for (let first = 1; first <= maxPartCount; first += step)
		capacity += partSizeOf(first) * Math.min(step, maxPartCount - first + 1);
	return { partSizeOf, capacity: Math.min(capacity, maxObjectSize), grows: true };
}

/** The size of the first part if this one is of a growing schedule; `undefined` if that is no whole number. */
function firstSizeOf(partNumber: number, size: number, limits: PartLimits): number | undefined {
	if (size === limits.maxPartSize) return undefined; // how often it was doubled before does not show
	const first = size / 2 ** doublings(partNumber, growthStep(limits));
	return Number.isInteger(first) ? first : undefined;
}

/**
 * The schedule that parts of an upload were cut by, from their numbers and sizes alone: whoever goes on with
 * it may have nothing else. A part that is shorter than it should be was the last one of its run, or is of
 * somebody else, and counts for nothing.
 *
 * @param mayGrow - Which schedule is meant when the parts fit both.
 * @returns `undefined` if no schedule fits a single part.
 */
export function scheduleOf(
	parts: readonly { readonly partNumber: number; readonly size: number }[],
	limits: PartLimits,
	mayGrow: boolean,
): PartSchedule | undefined {
	const isTaken = (size: number | undefined): size is number =>
		size !== undefined && size >= limits.minPartSize && size <= limits.maxPartSize;
	const distinct = (sizes: readonly (number | undefined)[]) =>
		[...new Set(sizes.filter(isTaken))].slice(0, MAX_CANDIDATES);
	const equal = distinct(parts.map(({ size }) => size)).map((size) => equalParts(size, limits));
	const growing = distinct(parts.map(({ partNumber, size }) => firstSizeOf(partNumber, size, limits))).map(
		(size) => growingParts(size, limits),
	);
	const fits = ({ partSizeOf }: PartSchedule) =>
		parts.filter(({ partNumber, size }) => partSizeOf(partNumber) === size).length;
	let best: PartSchedule | undefined;
	let bestCount = 0;
	for (const schedule of mayGrow ? [...growing, ...equal] : [...equal, ...growing]) {
		const count = fits(schedule);
		if (count <= bestCount) continue;
		best = schedule;
		bestCount = count;
	}
	return best;
}

function growthStep({ maxPartCount }: PartLimits): number {
	return Math.max(1, Math.floor(maxPartCount / STEPS));
}

function doublings(partNumber: number, step: number): number {
	return Math.floor((partNumber - 1) / step);
}
