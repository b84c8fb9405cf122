import { totalmem } from "node:os";
import { describeSize } from "../../bytes/units.ts";
import { InvalidOptionError } from "../../errors.ts";
import { BASE_PART_SIZE, type PartPlan } from "./part-size.ts";

/**
 * Parts under way at once by default. With a distant storage each connection has a rate of its own, and rests for a
 * round trip after each part: only more of them fill the line. A near storage answers so soon that two or three are
 * under way.
 */
export const USUAL_CONCURRENCY = 8;
/** The same where parts are larger, and take as much memory as all of the others. */
const LARGE_CONCURRENCY = 4;

/** The parts under way at once if nobody has said how many. */
export function usualConcurrency(partSize: number): number {
	return partSize <= BASE_PART_SIZE ? USUAL_CONCURRENCY : LARGE_CONCURRENCY;
}

/** How a transport holds parts in memory. */
export interface PartHolder {
	/** Parts under way at once. */
	readonly concurrency: number;
	/** It holds each part twice, as `Upload` of lib-storage does, and one more. */
	readonly holdsTwice: boolean;
}

/** Bytes of memory that parts of the first size take. Our own engine fills one part while others travel. */
export function partMemory(
	{ partSize }: Pick<PartPlan, "partSize">,
	{ concurrency, holdsTwice }: PartHolder,
): number {
	return partSize * (holdsTwice ? 2 : 1) * (concurrency + 1);
}

/**
 * Refuses parts that need more memory than there is: the system would end the process in the middle, and
 * nobody would abort the upload that it has started.
 *
 * @param available - Bytes.
 * @throws {InvalidOptionError}
 */
export function checkPartMemory(
	plan: Pick<PartPlan, "partSize" | "maxPartCount">,
	holder: PartHolder,
	available: number = memoryOfMachine(),
): void {
	const { partSize, maxPartCount = Number.POSITIVE_INFINITY } = plan;
	const { concurrency } = holder;
	const needed = partMemory(plan, { ...holder, concurrency: Math.min(concurrency, maxPartCount - 1) });
	if (needed <= available) return;
	throw new InvalidOptionError(
		`parts of ${describeSize(partSize)} with concurrency ${concurrency} take ${describeSize(needed)} of memory, but only ${describeSize(available)} are available; lower one of the two`,
	);
}

/** Bytes that this process can have at most, of the machine or the container. */
function memoryOfMachine(): number {
	return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
}
