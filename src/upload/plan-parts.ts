import type { Copied } from "../compose/base/base-composition.ts";
import type { Warning } from "../events.ts";
import type { Provider } from "../s3/providers.ts";
import {
	checkPartMemory,
	type PartHolder,
	partMemory,
	usualConcurrency,
} from "../storage/parts/part-memory.ts";
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
	copied: Pick<Copied, "size" | "partCount"> = { size: 0, partCount: 0 },
): PlannedParts {
	const isLibStorage = transport === "lib-storage";
	const wishes: PartWishes = { partSize, expectedSize, equalOnly: isLibStorage };
	const parts = behindCopied(
		planPartSize(
			sizeBound === undefined ? undefined : sizeBound - copied.size,
			wishes,
			withFewerParts(provider, copied.partCount),
		),
		copied,
	);
	const holder: PartHolder = {
		concurrency: concurrency ?? usualConcurrency(parts.partSize),
		holdsTwice: isLibStorage,
	};
	checkPartMemory(parts, holder);
	return { parts, memory: partMemory(parts, holder), warning: warnOfUnknownSize(sizeBound, wishes, parts) };
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
