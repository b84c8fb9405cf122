import { describeSize } from "../bytes/units.ts";
import { type AmongMade, type Copied, NOTHING_COPIED } from "../compose/copied.ts";
import { ArchiveTooLargeError } from "../errors.ts";
import type { Warning } from "../events.ts";
import type { Provider } from "../s3/providers.ts";
import {
	checkPartMemory,
	type PartHolder,
	partMemory,
	usualConcurrency,
} from "../storage/parts/part-memory.ts";
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
	copied: Copied = NOTHING_COPIED,
): PlannedParts {
	const isLibStorage = transport === "lib-storage";
	const { among } = copied;
	const wished = among === undefined || sizeBound === undefined ? partSize : among.partSize;
	const wishes: PartWishes = { partSize: wished, expectedSize, equalOnly: isLibStorage };
	checkObjectSize(sizeBound, provider);
	const made = planPartSize(
		sizeBound === undefined ? undefined : sizeBound - copied.size - (among?.sentSize ?? 0),
		wishes,
		withFewerParts(provider, copied.partCount),
	);
	const parts = among === undefined ? behindCopied(made, copied) : amongCopied(made, copied, among);
	const holder: PartHolder = {
		concurrency: concurrency ?? concurrencyFor(parts.partSize, copied),
		holdsTwice: isLibStorage,
	};
	checkPartMemory(parts, holder);
	return { parts, memory: partMemory(parts, holder), warning: warnOfUnknownSize(sizeBound, wishes, parts) };
}

/** Parts under way at once, if nobody has said how many: a copy takes time and no memory, and parts before ranges are half full. */
export function concurrencyFor(partSize: number, copied: Copied = NOTHING_COPIED): number {
	return usualConcurrency(copied.among === undefined ? partSize : BASE_PART_SIZE);
}

/** Of an archive that is copied in part, the size of all is checked apart from that of its parts. */
function checkObjectSize(sizeBound: number | undefined, { name, limits }: Provider): void {
	if (sizeBound === undefined || sizeBound <= limits.maxObjectSize) return;
	throw new ArchiveTooLargeError(
		`the archive may reach ${describeSize(sizeBound)}; provider ${name} takes objects of up to ${describeSize(limits.maxObjectSize)}`,
	);
}

function withFewerParts(provider: Provider, count: number): Provider {
	const { limits } = provider;
	return { ...provider, limits: { ...limits, maxPartCount: limits.maxPartCount - count } };
}

/** The parts of what is made, counted behind those that are copied. */
function behindCopied(parts: PartPlan, { size, partCount }: Pick<Copied, "size" | "partCount">): PartPlan {
	if (partCount === 0) return parts;
	const { partSizeOf, maxPartCount } = parts;
	return {
		...parts,
		partSizeOf: (partNumber) => partSizeOf(Math.max(1, partNumber - partCount)),
		capacity: parts.capacity + size,
		maxPartCount: maxPartCount === undefined ? undefined : maxPartCount + partCount,
	};
}

/** The parts of what is made, with ranges among them, before each of which a part ends. */
function amongCopied(
	{ partSizeOf, capacity, ...parts }: PartPlan,
	{ size, partCount }: Copied,
	{ sentSize, otherPartCount }: AmongMade,
): PartPlan {
	return {
		...parts,
		partSizeOf,
		capacity: capacity * FILLED_SHARE + size + sentSize,
		maxPartCount: otherPartCount === undefined ? undefined : partCount + otherPartCount,
	};
}
