import type { CalendarSpan, KeepPolicy, Period } from "../../../src/backup/retention/keep-policy.ts";

/**
 * What each rule keeps, said in another way than the program says it: sets of periods, and all archives looked at for
 * each. Local times come from `Intl`, weeks from the Thursday that is in them.
 */
export function keptByBruteForce(
	times: readonly Date[],
	policy: KeepPolicy,
	{ timeZone, now }: { timeZone: string; now: Date },
): ReadonlySet<Date> {
	const sorted = [...times].sort((a, b) => b.getTime() - a.getTime());
	const past = sorted.filter((time) => time <= now);
	const [newest] = past;
	const kept = new Set<Date>([...sorted.slice(0, 1), ...past.slice(0, 1), ...sorted.slice(0, policy.min)]);
	const name = (period: Period) => (time: Date) => periodName(period, time, timeZone);
	const keepNewestOf = (period: Period, among: readonly Date[], count: number) => {
		// The newest of a period is the last that is put in its place.
		const newestOf = new Map(among.toReversed().map((time) => [name(period)(time), time]));
		for (const time of [...newestOf.values()].toReversed().slice(0, count)) kept.add(time);
		const oldest = sorted.at(-1);
		// The oldest counts as one more if its own period has been counted already.
		const used = new Set(among.filter((time) => time !== oldest).map(name(period))).size;
		if (oldest !== undefined && among.includes(oldest) && used < count) kept.add(oldest);
	};
	const all = (count: number) => (count < 0 ? Number.POSITIVE_INFINITY : count);
	const since = (span: CalendarSpan) => {
		const start = newest === undefined ? Number.NEGATIVE_INFINITY : before(newest, span, timeZone);
		return sorted.filter((time) => time.getTime() > start);
	};
	const { last, hourly, daily, weekly, monthly, yearly } = policy;
	if (last) for (const time of sorted.slice(0, all(last))) kept.add(time);
	for (const [period, count] of Object.entries({ hourly, daily, weekly, monthly, yearly }))
		if (count) keepNewestOf(period as Period, sorted, all(count));
	if (policy.within) for (const time of since(policy.within)) kept.add(time);
	const { withinHourly, withinDaily, withinWeekly, withinMonthly, withinYearly } = policy;
	const spans = {
		hourly: withinHourly,
		daily: withinDaily,
		weekly: withinWeekly,
		monthly: withinMonthly,
		yearly: withinYearly,
	};
	for (const [period, span] of Object.entries(spans))
		if (span) keepNewestOf(period as Period, since(span), Number.POSITIVE_INFINITY);
	return kept;
}

const names = new Map<string, string>();

/** Such as `2026-W05`; remembered, as `Intl` is slow. */
function periodName(period: Period, time: Date, timeZone: string): string {
	const key = `${period} ${timeZone} ${time.getTime()}`;
	const known = names.get(key);
	if (known !== undefined) return known;
	const { year, month, day, hour } = local(time, timeZone);
	const name = {
		hourly: () => `${year}-${month}-${day} ${hour}`,
		daily: () => `${year}-${month}-${day}`,
		weekly: () => isoWeek(year, month, day),
		monthly: () => `${year}-${month}`,
		yearly: () => `${year}`,
	}[period]();
	names.set(key, name);
	return name;
}

/** The week of ISO 8601 belongs to the year that its Thursday is in. */
function isoWeek(year: number, month: number, day: number): string {
	const thursday = new Date(Date.UTC(year, month - 1, day));
	thursday.setUTCDate(thursday.getUTCDate() + 4 - (thursday.getUTCDay() || 7));
	const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
	return `${thursday.getUTCFullYear()}-W${Math.floor((thursday.getTime() - first) / 604_800_000) + 1}`;
}

interface Local {
	readonly year: number;
	readonly month: number;
	readonly day: number;
	readonly hour: number;
	readonly minute: number;
	readonly second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function local(time: Date, timeZone: string): Local {
	const format =
		formats.get(timeZone) ??
		new Intl.DateTimeFormat("en-US", {
			timeZone,
			hourCycle: "h23",
			...{ year: "numeric", month: "numeric", day: "numeric" },
			...{ hour: "numeric", minute: "numeric", second: "numeric" },
		});
	formats.set(timeZone, format);
	const parts = format.formatToParts(time).map(({ type, value }) => [type, Number(value)]);
	return Object.fromEntries(parts) as unknown as Local; // the parts that were asked for
}

/** Lets `Date` carry over days that a month does not have, and looks for the instant that the clock shows then. */
function before(time: Date, span: CalendarSpan, timeZone: string): number {
	const { year, month, day, hour, minute, second } = local(time, timeZone);
	const wall = Date.UTC(
		year - span.years,
		month - 1 - span.months,
		day - span.days,
		hour,
		minute,
		second,
		time.getUTCMilliseconds(),
	);
	// The offset before a change of the clock is in force a day earlier: the first of two times, and past a gap.
	const offset = wallOf(new Date(wall - 86_400_000), timeZone) - (wall - 86_400_000);
	const early = wall - offset;
	const later = wall - (wallOf(new Date(wall + 86_400_000), timeZone) - (wall + 86_400_000));
	const fits = (at: number) => wallOf(new Date(at), timeZone) === wall;
	const at = fits(early) ? early : fits(later) ? later : early;
	return at - span.hours * 3_600_000;
}

function wallOf(time: Date, timeZone: string): number {
	const { year, month, day, hour, minute, second } = local(time, timeZone);
	return Date.UTC(year, month - 1, day, hour, minute, second, time.getUTCMilliseconds());
}
