import type { Connection } from "../../s3/connection.ts";
import type { PruneRefusal } from "../archives/plan-prune.ts";
import { pruneJob } from "../archives/prune-job.ts";
import type { BackupJob } from "../job.ts";
import type { RunRetention } from "../run-report.ts";
import type { RunEventListener } from "./run-events.ts";

export interface RetainOptions {
	readonly now: Date;
	readonly signal: AbortSignal | undefined;
	/** Called before each batch of deletions; if it throws, nothing more is removed. */
	readonly beforeDelete: () => Promise<void>;
	readonly onEvent: RunEventListener;
}

const REFUSALS: Readonly<Record<PruneRefusal, string>> = {
	"none-verified": "none of the archives was verified, so none was removed",
	"drill-required":
		"no restore drill has proven an archive in the time that is required, so no archive was removed",
};

/**
 * Removes the archives that the policy of a job drops; none without a policy.
 *
 * @throws {PruneError} if something could not be removed
 */
export async function retain(
	connection: Connection,
	{ template, name, keep, pruneVersions, requireDrill }: BackupJob,
	{ now, signal, beforeDelete, onEvent }: RetainOptions,
): Promise<RunRetention> {
	if (keep === undefined) return { keptCount: 0, removedCount: 0, removed: [], lockedCount: 0 };
	const order = { policy: keep, pruneVersions, requireDrill, job: name, dryRun: false, now };
	const { plan, outcome } = await pruneJob(connection, template, order, { beforeDelete, signal });
	const warn = (message: string) => onEvent({ type: "warning", code: "RETENTION_SKIPPED", message });
	if (plan.refusal !== undefined) warn(REFUSALS[plan.refusal]);
	const { removed = [], spared = [] } = outcome ?? {};
	if (spared.length > 0)
		warn(
			`${spared.length === 1 ? "an archive was" : `${spared.length} archives were`} left alone: replaced or locked meanwhile`,
		);
	return {
		keptCount: plan.kept.length + spared.length,
		removedCount: removed.length,
		removed: removed.map(({ key }) => key),
		lockedCount: plan.locked.length,
	};
}
