import { describeSize } from "../bytes/units.ts";
import type { AmongMade } from "../compose/copied.ts";
import { ArchiveTooLargeError } from "../errors.ts";
import type { Warning } from "../events.ts";
import type { Provider } from "../s3/providers.ts";
import {
	checkPartMemory,
	type PartHolder,
	partMemory,
	usualConcurrency,
} from "../storage/parts/part-memory.ts";
import { behindCopied, type CopiedParts, limitsBehind } from "../storage/parts/part-schedule.ts";
import {
	BASE_PART_SIZE,
	type PartPlan,
	type PartWishes,
	planPartSize,
	warnOfUnknownSize,
} from "../storage/parts/part-size.ts";
import type { UploadSettings } from "./options.ts";

/** Of a part, where some of them end at a range: the beginning of an object takes the rest of it, half at most. */
const FILLED_SHARE = 1 / 2;

/** What of an archive is copied. */
export interface PlannedCopies extends CopiedParts {
	/** There if ranges stand among what is made, and not before all of it. */
	readonly among?: AmongMade | undefined;
}

/** The parts an archive is sent in. */
export interface PlannedParts {
	readonly parts: PartPlan;
	/** Bytes of memory that parts of the first size take. */
	readonly memory: number;
	/** If the archive may outgrow them. */
	readonly warning: Warning | undefined;
}

/**
 * Plans the parts for an archive.
 *
 * @param sizeBound - Bytes it cannot exceed; `undefined` if unknown.
 * @param copied - Bytes that the storage copies, at its beginning or among what is made, and parts that they take.
 * @throws {InvalidOptionError} for parts that cannot be sent or held.
 * @throws {ArchiveTooLargeError}
 */
export function planParts(
	{
		partSize,
		expectedSize,
		concurrency,
		transport,
	}: Pick<UploadSettings, "partSize" | "expectedSize" | "concurrency" | "transport">,
	sizeBound: number | undefined,
	provider: Provider,
	copied: PlannedCopies = { size: 0, partCount: 0 },
): PlannedParts {
	const isLibStorage = transport === "lib-storage";
	const { among } = copied;
	const wished = among === undefined || sizeBound === undefined ? partSize : among.partSize;
	const wishes: PartWishes = { partSize: wished, expectedSize, equalOnly: isLibStorage };
	checkObjectSize(sizeBound, provider);
	const limits = limitsBehind(provider.limits, copied);
	const madeSize = sizeBound === undefined ? undefined : sizeBound - copied.size - (among?.sentSize ?? 0);
	const made = planPartSize(madeSize, wishes, { ...provider, limits });
	const parts = among === undefined ? behind(made, copied) : amongCopied(made, copied, among);
	const holder: PartHolder = {
		concurrency: concurrency ?? concurrencyFor(parts.partSize, copied),
		holdsTwice: isLibStorage,
	};
	checkPartMemory(parts, holder);
	return { parts, memory: partMemory(parts, holder), warning: warnOfUnknownSize(sizeBound, wishes, parts) };
}

/** Parts under way at once, if nobody has said how many: a copy takes time and no memory, and parts before ranges are half full. */
export function concurrencyFor(partSize: number, copied: Pick<PlannedCopies, "among"> = {}): number {
	return usualConcurrency(copied.among === undefined ? partSize : BASE_PART_SIZE);
}

/** Of an archive that is copied in part, the size of all is checked apart from that of its parts. */
function checkObjectSize(sizeBound: number | undefined, { name, limits }: Provider): void {
	if (sizeBound === undefined || sizeBound <= limits.maxObjectSize) return;
	throw new ArchiveTooLargeError(
		`the archive may reach ${describeSize(sizeBound)}; provider ${name} takes objects of up to ${describeSize(limits.maxObjectSize)}`,
	);
}

/** The parts of what is made, counted behind those that are copied. */
function behind(parts: PartPlan, copied: CopiedParts): PartPlan {
	const { maxPartCount } = parts;
	return {
		...behindCopied(parts, copied),
		maxPartCount: maxPartCount === undefined ? undefined : maxPartCount + copied.partCount,
	};
}

/** The parts of what is made, with ranges among them, before each of which a part ends. */
function amongCopied(
	{ partSizeOf, capacity, ...parts }: PartPlan,
	{ size, partCount }: CopiedParts,
	{ sentSize, otherPartCount }: AmongMade,
): PartPlan {
	return {
		...parts,
		partSizeOf,
		capacity: capacity * FILLED_SHARE + size + sentSize,
		maxPartCount: otherPartCount === undefined ? undefined : partCount + otherPartCount,
	};
}
