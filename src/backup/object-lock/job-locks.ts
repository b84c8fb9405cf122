import type { Warning } from "../../events.ts";
import type { Connection } from "../../s3/connection.ts";
import type { RequestOptions } from "../../s3/objects/request-options.ts";
import { listArchives } from "../archives/list-archives.ts";
import type { BackupJob } from "../job.ts";
import { checkLockSettings, checkLocks } from "./check-locks.ts";
import { lockArchives, type NewLock } from "./lock-archives.ts";
import type { LockSettings } from "./plan-locks.ts";

/** What is needed of a job to lock its archives. */
export type LockingJob = Pick<BackupJob, "name" | "template" | "keep" | "objectLock" | "schedule">;

/**
 * Looks, before a run of a job uploads anything, whether its archive can be locked afterwards.
 *
 * @returns what to warn of; nothing for a job without locks
 * @throws {InvalidOptionError} for settings by which locks have no date
 * @throws {StorageError} for a bucket without Object Lock
 */
export async function checkJobLocks(
	connection: Connection,
	job: LockingJob,
	now: Date,
	options: RequestOptions = {},
): Promise<readonly Warning[]> {
	const settings = lockSettings(job, now);
	if (settings === undefined) return [];
	return await checkLocks(connection, job.template, settings.lock, { ...options, job: job.name });
}

/**
 * Locks the archives of a job, after a run has made and verified one or found nothing changed: see
 * {@link lockArchives}.
 *
 * @returns the locks that are new or longer; none for a job without locks
 * @throws {StorageError}
 */
export async function lockJobArchives(
	connection: Connection,
	job: LockingJob,
	now: Date,
	options: RequestOptions = {},
): Promise<readonly NewLock[]> {
	const settings = lockSettings(job, now);
	if (settings === undefined) return [];
	const archives = await listArchives(connection, job.template, { ...options, job: job.name });
	return await lockArchives(connection, job.template.bucket, archives, settings, options);
}

function lockSettings(
	{ template, objectLock, keep, schedule }: LockingJob,
	now: Date,
): LockSettings | undefined {
	if (objectLock === undefined) return undefined;
	const { timeZone } = template;
	return checkLockSettings({ lock: objectLock, policy: keep, schedule, timeZone, now });
}
