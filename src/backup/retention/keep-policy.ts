/** A span of calendar time, as `1y5m7d2h` says it: subtracted field by field, in the time zone of the policy. */
export interface CalendarSpan {
	readonly years: number;
	readonly months: number;
	readonly days: number;
	readonly hours: number;
}

/** Periods of which the newest archive is kept. */
export const PERIODS = ["hourly", "daily", "weekly", "monthly", "yearly"] as const;
export type Period = (typeof PERIODS)[number];

/**
 * Which archives are kept: those that any rule keeps. Rules are independent of each other; only periods that have an
 * archive count; weeks are those of ISO 8601.
 */
export interface KeepPolicy {
	/** The newest ones, whatever their times; here and below -1 for all. */
	readonly last?: number | undefined;
	/** The newest archive of each of the last so many hours, days, weeks, months, years that have one. */
	readonly hourly?: number | undefined;
	readonly daily?: number | undefined;
	readonly weekly?: number | undefined;
	readonly monthly?: number | undefined;
	readonly yearly?: number | undefined;
	/** All that are less than that much older than the newest one that is not from the future. */
	readonly within?: CalendarSpan | undefined;
	/** The newest archive of each hour, day, … of that span. */
	readonly withinHourly?: CalendarSpan | undefined;
	readonly withinDaily?: CalendarSpan | undefined;
	readonly withinWeekly?: CalendarSpan | undefined;
	readonly withinMonthly?: CalendarSpan | undefined;
	readonly withinYearly?: CalendarSpan | undefined;
	/** At least so many are kept, the newest ones, whatever the rules say; 1 or more. */
	readonly min: number;
}
