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

/** Parts at the beginning of an upload that the storage copies from other objects. */
export interface CopiedParts {
	readonly partCount: number;
	/** Bytes. */
	readonly size: number;
}

const NOTHING_COPIED: CopiedParts = { partCount: 0, size: 0 };

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

/** The limits of parts that stand behind others, which have used up some of the permitted number. */
export function limitsBehind(limits: PartLimits, { partCount }: CopiedParts): PartLimits {
	return { ...limits, maxPartCount: limits.maxPartCount - partCount };
}

/** A schedule whose first part stands behind parts that are copied. */
export function behindCopied<Schedule extends PartSchedule>(
	schedule: Schedule,
	{ partCount, size }: CopiedParts,
): Schedule {
	if (partCount === 0) return schedule;
	const { partSizeOf, capacity } = schedule;
	return {
		...schedule,
		partSizeOf: (partNumber: number) => partSizeOf(Math.max(1, partNumber - partCount)),
		capacity: capacity + size,
	};
}

/** The size of the first part if this one is of a growing schedule; `undefined` if that is no whole number. */
function firstSizeOf(partNumber: number, size: number, limits: PartLimits): number | undefined {
	if (size === limits.maxPartSize) return undefined; // how often it was doubled before does not show
	const first = size / 2 ** doublings(partNumber, growthStep(limits));
	return Number.isInteger(first) ? first : undefined;
}

/** What parts of an earlier run are compared with. */
export interface ScheduleNeeds {
	/** Which schedule is meant when the parts fit both. */
	readonly mayGrow: boolean;
	/** The one of a new upload, which is meant when others fit no more parts. */
	readonly planned?: PartSchedule | undefined;
	/** Parts at the beginning that are copied, and say nothing of it. */
	readonly copied?: CopiedParts | undefined;
}

/**
 * The schedule that parts of an upload were cut by, from their numbers and sizes alone: whoever goes on with
 * it may have nothing else. A part that is shorter than it should be was the last one of its run, one of any size
 * was copied by it or is of somebody else; these count for nothing.
 *
 * @returns `undefined` if no schedule fits a single part.
 */
export function scheduleOf(
	held: readonly { readonly partNumber: number; readonly size: number }[],
	limitsOfStorage: PartLimits,
	{ mayGrow, planned, copied = NOTHING_COPIED }: ScheduleNeeds,
): PartSchedule | undefined {
	const limits = limitsBehind(limitsOfStorage, copied);
	const parts = held
		.filter(({ partNumber }) => partNumber > copied.partCount)
		.map(({ partNumber, size }) => ({ partNumber: partNumber - copied.partCount, size }));
	const isTaken = (size: number | undefined): size is number =>
		size !== undefined && size >= limits.minPartSize && size <= limits.maxPartSize;
	const likely = (sizes: readonly (number | undefined)[]) =>
		mostFrequent(sizes.filter(isTaken)).slice(0, MAX_CANDIDATES);
	const equal = likely(parts.map(({ size }) => size)).map((size) => equalParts(size, limits));
	const growing = likely(parts.map(({ partNumber, size }) => firstSizeOf(partNumber, size, limits))).map(
		(size) => growingParts(size, limits),
	);
	const candidates = (mayGrow ? [...growing, ...equal] : [...equal, ...growing]).map((schedule) =>
		behindCopied(schedule, copied),
	);
	const fits = ({ partSizeOf }: PartSchedule) =>
		parts.filter(({ partNumber, size }) => partSizeOf(partNumber + copied.partCount) === size).length;
	let best: PartSchedule | undefined;
	let bestCount = 0;
	for (const schedule of planned === undefined ? candidates : [planned, ...candidates]) {
		const count = fits(schedule);
		if (count <= bestCount) continue;
		best = schedule;
		bestCount = count;
	}
	return best;
}

/** Each size once, and those first that occur most, of several the smallest. */
function mostFrequent(sizes: readonly number[]): readonly number[] {
	const counts = new Map<number, number>();
	for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1);
	return [...counts].sort(([a, often], [b, seldom]) => seldom - often || a - b).map(([size]) => size);
}

function growthStep({ maxPartCount }: PartLimits): number {
	return Math.max(1, Math.floor(maxPartCount / STEPS));
}

function doublings(partNumber: number, step: number): number {
	return Math.floor((partNumber - 1) / step);
}
