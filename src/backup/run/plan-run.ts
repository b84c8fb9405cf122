import { withOwnSignal } from "../../async/any-signal.ts";
import { openConnection } from "../../s3/open-connection.ts";
import { planUpload, type UploadPlan } from "../../upload/plan-upload.ts";
import type { BackupArchive } from "../archives/archive-facts.ts";
import { listArchives } from "../archives/list-archives.ts";
import { type PrunePlan, planPrune } from "../archives/plan-prune.ts";
import type { BackupJob } from "../job.ts";
import { type EarlyDeletion, earlyDeletions, type Leaving } from "../retention/early-deletions.ts";
import { retainUntil } from "../retention/retain-until.ts";
import { baseOptions } from "../rolling/base-options.ts";
import { type BaseChoice, findBase } from "../rolling/find-base.ts";
import { nextDue } from "../schedule/due-times.ts";
import { connectSettings, sourcesOf } from "./job-options.ts";
import type { RunEventListener } from "./run-events.ts";

/** What a run would do. */
export interface RunPlan {
	/** Of a rolling job. */
	readonly base: BaseChoice | undefined;
	readonly upload: UploadPlan;
	/** With the archive that it would make as the newest; `undefined` for a job without a policy. */
	readonly retention: PrunePlan | undefined;
	/**
	 * Archives that go before the storage has billed them for its shortest time: those that the run removes, and the one that it would
	 * make, if the job has a schedule that tells when later runs let it go.
	 */
	readonly earlyDeletions: readonly EarlyDeletion[];
}

export interface PlanRunOptions {
	readonly now: Date;
	readonly signal: AbortSignal | undefined;
	readonly onEvent: RunEventListener;
}

/** Requests at once. */
const CONCURRENCY = 16;

/**
 * Predicts a run: looks through the sources, and, where older archives may go, at those in the bucket. Starts no
 * command and changes nothing.
 *
 * @throws as `planUpload`, and {@link StorageError} if the archives cannot be listed.
 */
export function planRun(job: BackupJob, options: PlanRunOptions): Promise<RunPlan> {
	return withOwnSignal(options, (own) => plan(job, own));
}

async function plan(job: BackupJob, { now, signal, onEvent }: PlanRunOptions): Promise<RunPlan> {
	const { template, upload: settings } = job;
	const { bucket } = template;
	const key = template.keyAt(now);
	const { verify } = job;
	const options = { ...settings, bucket, key, verify, signal, onEvent };
	const planUploadWith = (base?: BaseChoice) =>
		planUpload(sourcesOf(job), {
			...options,
			...(base?.type === "base" ? baseOptions(template, base.archive) : {}),
		});
	if (job.keep === undefined && job.rolling === undefined)
		return { base: undefined, upload: await planUploadWith(), retention: undefined, earlyDeletions: [] };
	const connection = await openConnection(connectSettings(job), bucket, CONCURRENCY, onEvent);
	try {
		const base = job.rolling && (await findBase(connection, job, now, { signal }));
		const upload = await planUploadWith(base);
		if (job.keep === undefined) return { base, upload, retention: undefined, earlyDeletions: [] };
		const archives = await listArchives(connection, template, { job: job.name, signal });
		const { timeZone } = template;
		const planned = archiveToBe(job, key, now);
		const settled = { timeZone, now, requireDrill: job.requireDrill };
		const retention = planPrune([...archives, planned], job.keep, settled);
		const leaving: Leaving[] = retention.removed.map((archive) => ({ archive, size: archive.size, at: now }));
		const until = letGoAt(job, [...archives, planned], planned, now);
		if (until !== undefined) leaving.push({ archive: planned, size: upload.sizeBound, at: until });
		return { base, upload, retention, earlyDeletions: earlyDeletions(leaving, upload.provider) };
	} finally {
		connection.close();
	}
}

/** When the policy lets go of an archive, if all later runs succeed; `undefined` if nobody knows when they are. */
function letGoAt(
	{ keep, schedule, template: { timeZone } }: BackupJob,
	archives: readonly BackupArchive[],
	archive: BackupArchive,
	now: Date,
): Date | undefined {
	if (keep === undefined || schedule === undefined) return undefined;
	const nextRun = (after: Date) => nextDue(schedule, after);
	const date = retainUntil(archives, keep, { timeZone, now, nextRun }).get(archive);
	return date === undefined || date.isCapped ? undefined : date.until;
}

/** As it will be listed, once it is verified. */
function archiveToBe({ name, template, verify, upload }: BackupJob, key: string, now: Date): BackupArchive {
	const verified = [{ at: now.toISOString(), level: verify }];
	return {
		...{ key, versionId: undefined, time: template.timeOf(key) ?? now, size: 0, etag: "" },
		storageClass: upload.storageClass,
		metadata: {
			...{ format: 0, startedNs: "0", method: "", level: 0, mtime: undefined },
			...{ job: name, template: template.text, fingerprint: undefined },
		},
		record: { version: 1, etag: "", versionId: undefined, verified, drills: [], locks: [] },
	};
}
