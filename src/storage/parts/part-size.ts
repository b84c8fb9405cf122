import type { AdviceOf } from "../../advice/advice.ts";
import { advised } from "../../advice/advice-in-words.ts";
import { describeSize, formatNumber, MiB } from "../../bytes/units.ts";
import { ArchiveTooLargeError } from "../../errors.ts";
import type { Warning } from "../../events.ts";
import { invalidOption } from "../../options/invalid-option.ts";
import type { PartLimits, Provider } from "../../s3/providers.ts";
import { equalParts, growingParts, type PartSchedule } from "./part-schedule.ts";
import { LARGEST_PART_SIZE, sendable } from "./sendable-part.ts";

/**
 * The part size if nothing asks for more. Smaller ones cost requests, 2 ms of processor time each; larger ones cost
 * memory, of which the same amount keeps more connections busy with small parts.
 */
export const BASE_PART_SIZE: number = 8 * MiB;
/** The part size of archives that may get large: 10,000 parts hold 156 GiB. */
export const LARGE_PART_SIZE: number = 16 * MiB;

/** The options that make room for an archive of unknown size. */
export const LARGER_PARTS: AdviceOf<"set-option"> = {
	kind: "set-option",
	option: "expectedSize",
	alternative: "partSize",
};

const LARGEST_PART = `${LARGEST_PART_SIZE / MiB} MiB, the most that Node.js hashes and encrypts at once`;

/** Planned below the limit: sources may grow between planning and reading. */
const HEADROOM = 0.99;

export interface PartPlan extends PartSchedule {
	/** Bytes of the first part, and of all others where they do not grow. */
	readonly partSize: number;
	/** Most parts the archive can take; `undefined` if its size has no bound. */
	readonly maxPartCount: number | undefined;
}

/** The caller's options about parts. */
export interface PartWishes {
	/** Bytes. */
	readonly partSize?: number | undefined;
	/** Bytes the archive may reach, where the sources do not tell. */
	readonly expectedSize?: number | undefined;
	/** All parts have to be of one size, whatever the storage takes. */
	readonly equalOnly?: boolean | undefined;
}

/**
 * Chooses the sizes of the parts. Where the size of the archive has a bound, one size for all, which every
 * storage takes: the base, or what it needs to stay within 99 % of the permitted number of parts. Where it
 * has none, parts that grow; or of one size again, if the storage takes no others.
 *
 * @param sizeBound - Bytes the archive cannot exceed; `undefined` if unknown.
 * @throws {ArchiveTooLargeError} if the archive may not fit, before anything is sent.
 * @throws {InvalidOptionError} for a part size out of the storage's range, or larger than can be sent from here.
 */
export function planPartSize(
	sizeBound: number | undefined,
	{ partSize: wanted, expectedSize, equalOnly = false }: PartWishes,
	{ limits: limitsOfStorage, name, unequalParts }: Provider,
): PartPlan {
	const limits = sendable(limitsOfStorage);
	const { minPartSize, maxPartSize, maxPartCount, maxObjectSize } = limits;
	if (wanted !== undefined && wanted > maxPartSize && wanted <= limitsOfStorage.maxPartSize)
		throw invalidOption("partSize", `at most ${LARGEST_PART}`, wanted);
	if (wanted !== undefined && !(Number.isInteger(wanted) && wanted >= minPartSize && wanted <= maxPartSize)) {
		const range = `${describeSize(minPartSize)} to ${describeSize(limitsOfStorage.maxPartSize)}`;
		throw invalidOption("partSize", `a whole number of bytes, ${range} for provider ${name}`, wanted);
	}
	const likelySize = sizeBound ?? expectedSize;
	const likely = `the archive ${sizeBound === undefined ? "is expected to" : "may"} reach ${describeSize(likelySize ?? 0)}`;
	const largestObject = Math.min(maxObjectSize, maxPartSize * maxPartCount);
	if (likelySize !== undefined && likelySize > largestObject) {
		const reason =
			likelySize > Math.min(maxObjectSize, limitsOfStorage.maxPartSize * maxPartCount)
				? `provider ${name} takes objects of up to`
				: `${formatNumber(maxPartCount)} parts of ${LARGEST_PART}, hold`;
		throw new ArchiveTooLargeError(`${likely}; ${reason} ${describeSize(largestObject)}`);
	}
	const partSize = wanted ?? neededPartSize(likelySize, limits);
	const mayGrow = likelySize === undefined && wanted === undefined && unequalParts && !equalOnly;
	const schedule = mayGrow ? growingParts(partSize, limits) : equalParts(partSize, limits);
	const { capacity } = schedule;
	if (likelySize !== undefined && likelySize > capacity) {
		const needed = neededPartSize(likelySize, limits);
		throw new ArchiveTooLargeError(
			`${likely}, and ${formatNumber(maxPartCount)} parts of ${describeSize(partSize)} hold ${describeSize(capacity)}; set the part size to ${describeSize(needed)} or leave it out`,
		);
	}
	return {
		...schedule,
		partSize,
		maxPartCount: sizeBound === undefined ? undefined : Math.max(1, Math.ceil(sizeBound / partSize)),
	};
}

/**
 * Warns of an archive that may outgrow its parts: nobody has said how large it gets, and the storage takes
 * parts of one size only.
 */
export function warnOfUnknownSize(
	sizeBound: number | undefined,
	{ partSize, expectedSize }: PartWishes,
	plan: PartPlan,
): Warning | undefined {
	if (sizeBound !== undefined || partSize !== undefined || expectedSize !== undefined || plan.grows)
		return undefined;
	const problem = `the size of the archive is not known, and parts of one size, ${describeSize(plan.partSize)}, hold ${describeSize(plan.capacity)}`;
	return { code: "SIZE_UNKNOWN", ...advised(problem, { ...LARGER_PARTS, purpose: "if it may get larger" }) };
}

function neededPartSize(size: number | undefined, limits: PartLimits): number {
	const { minPartSize, maxPartSize, maxPartCount } = limits;
	const base = size === undefined ? LARGE_PART_SIZE : BASE_PART_SIZE;
	const fitting = Math.ceil((size ?? 0) / Math.floor(maxPartCount * HEADROOM) / MiB) * MiB;
	const needed = Math.max(base, fitting);
	return Math.min(Math.max(minPartSize, needed), maxPartSize);
}
