import type { Warning } from "../../events.ts";
import { type Connection, notAhead } from "../../s3/connection.ts";
import type { RequestOptions } from "../../s3/objects/request-options.ts";
import { listArchives } from "../archives/list-archives.ts";
import type { BackupJob } from "../job.ts";
import { checkLockSettings, checkLocks } from "../object-lock/check-locks.ts";
import { lockArchives } from "../object-lock/lock-archives.ts";
import type { LockSettings } from "../object-lock/plan-locks.ts";

/**
 * What the locks of a job are made of; `undefined` if it has none.
 *
 * @throws {InvalidOptionError} if their dates cannot be told
 */
export function lockSettingsOf(
	{ objectLock: lock, keep: policy, schedule, template: { timeZone } }: BackupJob,
	now: Date,
): LockSettings | undefined {
	return lock && checkLockSettings({ lock, policy, schedule, timeZone, now });
}

/**
 * Looks whether archives can be locked, before one is made.
 *
 * @returns what to warn of
 */
export async function checkJobLocks(
	connection: Connection,
	job: BackupJob,
	now: Date,
	requests: RequestOptions,
): Promise<readonly Warning[]> {
	const settings = lockSettingsOf(job, now);
	if (settings === undefined) return [];
	return await checkLocks(connection, job.template, settings.lock, { ...requests, job: job.name });
}

/** Locks the archives of a job, the new one among them, and extends locks that are to last longer. */
export async function lockJobArchives(
	connection: Connection,
	job: BackupJob,
	now: Date,
	requests: RequestOptions,
): Promise<void> {
	if (job.objectLock === undefined) return;
	const archives = await listArchives(connection, job.template, { ...requests, job: job.name });
	// Nobody can shorten a lock that a wrong clock has set.
	const settings = lockSettingsOf(job, notAhead(connection, now));
	if (settings === undefined) return;
	await lockArchives(connection, job.template.bucket, archives, settings, requests);
}
