import type { ArchivePlan } from "../../archive/plan.ts";
import type { Joins } from "../../compose/base/chains.ts";
import type { ProviderName } from "../../s3/providers.ts";
import type { UploadSettings } from "../options.ts";
import type { PlannedParts } from "../plan-parts.ts";
import { planCost, type UploadCost } from "./plan-cost.ts";

/** What the storage copies of an archive. */
interface CopiedParts {
	readonly entryCount: number;
	/** Bytes. */
	readonly size: number;
	readonly partCount: number;
	/** Whether it is of a base, whose directory is read. */
	readonly isOfBase: boolean;
	/** What joining runs of the base takes. */
	readonly joins?: Joins | undefined;
}

/**
 * What a planned upload does and costs.
 *
 * @param copied - What the storage copies, of a base or of objects among the sources; `undefined` without either.
 * @returns `undefined` if nobody knows how large the archive gets.
 */
export function costOfUpload(
	settings: UploadSettings,
	{ sizeBound, entryCount, directorySize, objectCount, objectSize }: ArchivePlan,
	{ parts }: PlannedParts,
	provider: ProviderName,
	copied?: CopiedParts | undefined,
): UploadCost | undefined {
	const { expectedSize, noClobber, resume, verify, verifySample, storageClass } = settings;
	const size = sizeBound ?? expectedSize;
	if (size === undefined) return undefined;
	const facts = {
		size,
		entryCount,
		partCount: parts.maxPartCount ?? Math.max(1, Math.ceil(size / parts.partSize)),
		copiedSize: copied?.size ?? 0,
		copiedPartCount: copied?.partCount ?? 0,
		copiedEntryCount: copied?.entryCount ?? 0,
		joins: settings.joinRuns ? copied?.joins : undefined,
		// Nobody knows it before the base is opened, and it has mostly the same entries.
		baseDirectorySize: copied?.isOfBase === true ? directorySize : undefined,
		...{ directorySize, objectCount, objectSize },
		...{ noClobber, resume, verify, verifySample },
	};
	return planCost(facts, { provider, storageClass });
}
