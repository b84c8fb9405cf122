import { InvalidOptionError } from "../../../errors.ts";
import { parseDuration } from "../../../options/duration.ts";
import type { JobSchedule, ObjectLock, Rolling } from "../../job.ts";
import { parseCalendarSpan } from "../../retention/calendar-span.ts";
import type { CalendarSpan, KeepPolicy } from "../../retention/keep-policy.ts";
import { parseKeepCount } from "../../retention/keep-rules.ts";
import { parseFullEvery } from "../../rolling/full-every.ts";
import { timeZoneOf } from "../../template/time-zone.ts";
import type { JobDefaults, ScheduleConfig } from "../written/job-config.ts";
import type { KeepConfig, KeepCount, ObjectLockConfig } from "../written/keep-config.ts";

const NO_RULE = "has no rule in it that keeps anything, such as daily: 7";

/** @throws {InvalidOptionError} if no rule keeps anything */
export function keepPolicy(written: KeepConfig): KeepPolicy {
	const rules = {
		last: countOf(written.last),
		hourly: countOf(written.hourly),
		daily: countOf(written.daily),
		weekly: countOf(written.weekly),
		monthly: countOf(written.monthly),
		yearly: countOf(written.yearly),
		within: spanOf(written.within),
		withinHourly: spanOf(written["within-hourly"]),
		withinDaily: spanOf(written["within-daily"]),
		withinWeekly: spanOf(written["within-weekly"]),
		withinMonthly: spanOf(written["within-monthly"]),
		withinYearly: spanOf(written["within-yearly"]),
	};
	if (Object.values(rules).every((rule) => rule === undefined))
		throw new InvalidOptionError(`keep ${NO_RULE}`, { option: "keep", rule: NO_RULE });
	return { ...rules, min: written.min ?? 1 };
}

function countOf(written: KeepCount | undefined): number | undefined {
	return written === undefined ? undefined : parseKeepCount("keep", String(written));
}

export function spanOf(written: string | undefined): CalendarSpan | undefined {
	return written === undefined ? undefined : parseCalendarSpan("keep", written);
}

export function objectLock({ mode, max, interval }: ObjectLockConfig): ObjectLock {
	return {
		mode,
		max: spanOf(max),
		intervalMs: interval === undefined ? undefined : millisecondsOf(interval),
	};
}

/** How archives are made of the ones before; `undefined` if they are not. */
export function rollingOf({
	rolling = false,
	full,
}: Pick<JobDefaults, "rolling" | "full">): Rolling | undefined {
	if (rolling === false) return undefined;
	return { fullEvery: full === undefined ? undefined : parseFullEvery("full", full) };
}

export function millisecondsOf(written: string | number): number {
	return parseDuration("", String(written));
}

/** @param timeZone - That of the job. */
export function jobSchedule(written: string | ScheduleConfig, timeZone: string): JobSchedule {
	if (typeof written === "string") return { cron: written, timeZone, jitterMs: 0 };
	const { cron, "time-zone": zone, jitter = 0 } = written;
	return {
		cron,
		timeZone: zone === undefined ? timeZone : timeZoneOf(zone),
		jitterMs: millisecondsOf(jitter),
	};
}
