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
	type PartPlan,
	type PartWishes,
	planPartSize,
	warnOfUnknownSize,
} from "../storage/parts/part-size.ts";
import type { UploadSettings } from "./options.ts";

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
 * @param copied - Bytes at its beginning that the storage copies, and parts that they take.
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
	copied: CopiedParts = { size: 0, partCount: 0 },
): PlannedParts {
	const isLibStorage = transport === "lib-storage";
	const wishes: PartWishes = { partSize, expectedSize, equalOnly: isLibStorage };
	const madeSize = sizeBound === undefined ? undefined : sizeBound - copied.size;
	const limits = limitsBehind(provider.limits, copied);
	const parts = behind(planPartSize(madeSize, wishes, { ...provider, limits }), copied);
	const holder: PartHolder = {
		concurrency: concurrency ?? usualConcurrency(parts.partSize),
		holdsTwice: isLibStorage,
	};
	checkPartMemory(parts, holder);
	return { parts, memory: partMemory(parts, holder), warning: warnOfUnknownSize(sizeBound, wishes, parts) };
}

/** The parts of what is made, counted behind those that are copied. */
function behind(parts: PartPlan, copied: CopiedParts): PartPlan {
	const { maxPartCount } = parts;
	return {
		...behindCopied(parts, copied),
		maxPartCount: maxPartCount === undefined ? undefined : maxPartCount + copied.partCount,
	};
}
