import type { BackupArchive } from "../archives/archive-facts.ts";
import { isVerified } from "../archives/archive-state.ts";
import { policyGroups } from "../archives/plan-prune.ts";
import type { JobSchedule, ObjectLock } from "../job.ts";
import type { KeepPolicy } from "../retention/keep-policy.ts";
import { LocalCalendar } from "../retention/local-calendar.ts";
import { type RetainUntil, retainUntil } from "../retention/retain-until.ts";
import { nextDue } from "../schedule/due-times.ts";

/** What locks of a job are made of. */
export interface LockSettings {
	readonly lock: ObjectLock;
	readonly policy: KeepPolicy;
	/** When later runs are due; else the time between two runs tells. */
	readonly schedule: JobSchedule | undefined;
	/** IANA name of the zone whose hours, days and weeks count: that of the template. */
	readonly timeZone: string;
	/** Of the run that has just made an archive, or found nothing changed. */
	readonly now: Date;
}

/** A date up to which an archive is to be locked. */
export interface PlannedLock {
	readonly archive: BackupArchive;
	readonly until: Date;
	/** A lock that lasts until then is good enough, so that not every run extends every lock a little. */
	readonly atLeast: Date;
}

/** A lock that goes as far as it may is extended when a tenth of that is over. */
const RENEWED_AFTER = 0.1;

/**
 * Says up to when each archive is to be locked: the time of the run after which the policy first drops it, if all
 * later runs succeed. Archives that were not read back are not locked, nor those that are dropped now. Pure.
 */
export function planLocks(
	archives: readonly BackupArchive[],
	{ lock, policy, schedule, timeZone, now }: LockSettings,
): readonly PlannedLock[] {
	const settings = { timeZone, now, nextRun: nextRunOf(lock, schedule, now), max: lock.max };
	// Pruning keeps what the policy keeps of any group.
	const dates = policyGroups(archives, now).map((group) => retainUntil(group, policy, settings));
	const toleranceMs = schedule === undefined ? (lock.intervalMs ?? 0) / 2 : 0;
	return archives.filter(isVerified).flatMap((archive) => {
		const date = dates.map((some) => some.get(archive)).reduce(later, undefined);
		if (date === undefined || date.until <= now) return [];
		const { until, isCapped } = date;
		const spareMs = isCapped ? (until.getTime() - now.getTime()) * RENEWED_AFTER : toleranceMs;
		return [{ archive, until, atLeast: new Date(until.getTime() - spareMs) }];
	});
}

/** Whether the policy never lets go of an archive, so that a lock would have no end. */
export function keepsForEver(settings: LockSettings): boolean {
	const { lock, policy, schedule, timeZone, now } = settings;
	const archive = { time: now };
	const nextRun = nextRunOf(lock, schedule, now);
	const farthest = new LocalCalendar(timeZone).after(now, { years: 50, months: 0, days: 0, hours: 0 });
	const date = retainUntil([archive], policy, { timeZone, now, nextRun, max: lock.max }).get(archive);
	return lock.max === undefined && date !== undefined && (date.isCapped || date.until > farthest);
}

function nextRunOf(
	{ intervalMs = 0 }: ObjectLock,
	schedule: JobSchedule | undefined,
	now: Date,
): (after: Date) => Date | undefined {
	if (schedule !== undefined) return (after) => nextDue(schedule, after);
	if (intervalMs <= 0) return () => undefined;
	const start = now.getTime();
	return (after) => {
		const runs = Math.floor((after.getTime() - start) / intervalMs) + 1;
		return new Date(start + Math.max(1, runs) * intervalMs);
	};
}

function later(one: RetainUntil | undefined, other: RetainUntil | undefined): RetainUntil | undefined {
	if (one === undefined || other === undefined) return one ?? other;
	return one.until >= other.until ? one : other;
}
