import { InvalidOptionError } from "../../errors.ts";
import { shownValue } from "../../options/shown-value.ts";
import { type Connection, notAhead } from "../../s3/connection.ts";
import type { CalendarSpan, KeepPolicy } from "../retention/keep-policy.ts";
import type { KeyTemplate } from "../template/key-template.ts";
import type { BackupArchive } from "./archive-facts.ts";
import { type ArchiveSurvey, surveyArchives } from "./list-archives.ts";
import { type PrunePlan, planPrune } from "./plan-prune.ts";
import { type PruneOptions, pruneArchives, pruneRecords } from "./prune-archives.ts";
import type { PruneOutcome } from "./prune-error.ts";
import { type PrunedVersions, pruneVersions } from "./prune-versions.ts";

/** What is to be removed of the archives of a job. */
export interface PruneOrder {
	readonly policy: KeepPolicy;
	/** Removes old versions as well, on versioned buckets. */
	readonly pruneVersions: boolean;
	/** Removes nothing unless a drill has proven an archive in this time. */
	readonly requireDrill: CalendarSpan | undefined;
	/** Name of the job: archives that another one has made are none of its own. Without one there may be only one job. */
	readonly job: string | undefined;
	/** Removes nothing. */
	readonly dryRun: boolean;
	readonly now: Date;
}

/** What was found and removed, or would be. */
export interface PruneReport {
	readonly survey: ArchiveSurvey;
	readonly plan: PrunePlan;
	/** `undefined` of a dry run. */
	readonly outcome: PruneOutcome | undefined;
	/** `undefined` if old versions were not asked for, or nothing may be removed. */
	readonly versions: PrunedVersions | undefined;
}

/**
 * Retention of a job: looks at what is there, decides, and removes archives, their records, records of archives that
 * are gone, and old versions. Where the clock of this machine is ahead of the storage's, that one counts.
 *
 * @throws {PruneError} if something could not be removed
 * @throws {InvalidOptionError} if no job was named, and archives of several are there: a rule would keep one of each day
 * @throws {StorageError} if the storage refuses to list, or cannot be reached: nothing was removed then
 * @throws what `beforeDelete` has thrown, or the reason of the signal
 */
export async function pruneJob(
	connection: Connection,
	template: KeyTemplate,
	order: PruneOrder,
	options: PruneOptions = {},
): Promise<PruneReport> {
	const { policy, requireDrill, job, dryRun } = order;
	const survey = await surveyArchives(connection, template, { ...options, job });
	if (job === undefined) refuseSeveral(template, survey.archives);
	const now = notAhead(connection, order.now);
	const plan = planPrune(survey.archives, policy, { timeZone: template.timeZone, now, requireDrill });
	const outcome = dryRun ? undefined : await pruneArchives(connection, template, plan.removed, now, options);
	if (!dryRun) await pruneRecords(connection, template.bucket, survey.recordsOfGone, options);
	if (!order.pruneVersions || plan.refusal !== undefined)
		return { survey, plan, outcome, versions: undefined };
	const gone = new Set(plan.removed);
	const archives = survey.archives.filter((archive) => !gone.has(archive));
	const versions = await pruneVersions(connection, template, { policy, now, archives, job, dryRun }, options);
	return { survey, plan, outcome, versions };
}

function refuseSeveral({ text }: KeyTemplate, archives: readonly BackupArchive[]): void {
	const jobs = new Set(archives.map(({ metadata }) => metadata.job));
	if (jobs.size < 2) return;
	const named = [...jobs]
		.filter((job) => job !== undefined)
		.map(shownValue)
		.sort();
	const names = [...named, ...(jobs.has(undefined) ? ["one without a name"] : [])].join(", ");
	throw new InvalidOptionError(`archives of several jobs are under ${text}: ${names}; none is removed`, {
		advice: { kind: "set-option", option: "name", example: named[0], purpose: "to say which job is meant" },
	});
}
