import { applyKeepPolicy } from "./apply-policy.ts";
import type { CalendarSpan, KeepPolicy } from "./keep-policy.ts";
import { rulesOf } from "./keep-rules.ts";
import { LocalCalendar } from "./local-calendar.ts";
import { type PlacedArchive, type RuleEnd, ruleEnds } from "./rule-ends.ts";
import type { Moment } from "./run-timeline.ts";

export interface RetainSettings {
	/** IANA name of the zone whose hours, days and weeks count. */
	readonly timeZone: string;
	/** When the policy was applied the last time, with these archives. */
	readonly now: Date;
	/** The first run after a time, not at it; `undefined` if there is none. */
	readonly nextRun: (after: Date) => Date | undefined;
	/** No date lies farther from now; by default a hundred years, as far as S3 locks. */
	readonly max?: CalendarSpan | undefined;
}

/** Until when an archive is kept. */
export interface RetainUntil {
	readonly until: Date;
	/** The policy would keep it even longer: the date is as far from now as it may be. */
	readonly isCapped: boolean;
}

const FARTHEST: CalendarSpan = { years: 100, months: 0, days: -1, hours: 0 };

/**
 * Says until when the policy keeps each archive, if every later run succeeds: the time of the run after which it
 * would be dropped first. Archives that the policy drops now, and those from the future, are not in the answer.
 *
 * The newest archive is the newest of its day, week, month and year, but only until the next run: so one looks ahead,
 * and locks it for a year only if no other run comes before the year ends. If later runs fail after all, the
 * archive is kept for longer, and asking again tells the new date.
 *
 * Runs are not simulated one by one. Per rule it costs a question to the schedule for each period that the rule has
 * to give (`yearly: 10` asks ten times, `last: 100` a hundred), for all archives together; and for each archive a
 * calendar calculation or two per rule. Pure.
 */
export function retainUntil<Archive extends { readonly time: Date }>(
	archives: readonly Archive[],
	policy: KeepPolicy,
	{ timeZone, now, nextRun, max }: RetainSettings,
): Map<Archive, RetainUntil> {
	const calendar = new LocalCalendar(timeZone);
	const newestFirst = archives.toSorted((a, b) => b.time.getTime() - a.time.getTime());
	const { removed } = applyKeepPolicy(newestFirst, policy, { timeZone, now, calendar });
	const droppedNow = new Set(removed);
	const farthest = calendar.after(now, max ?? FARTHEST).getTime();
	const next = (after: Moment) => {
		if (after >= farthest) return Number.POSITIVE_INFINITY;
		const run = nextRun(new Date(after))?.getTime() ?? Number.POSITIVE_INFINITY;
		return run > farthest ? Number.POSITIVE_INFINITY : run;
	};
	const times = newestFirst.map(({ time }) => time);
	const rules = rulesOf(policy);
	const ends = ruleEnds(times, policy, { now: now.getTime(), nextRun: next, calendar });
	const dates = new Map<Archive, RetainUntil>();
	// Once all that are older are gone, it is the oldest, which some rules keep: so the oldest comes first.
	let oldestAfter = Number.NEGATIVE_INFINITY;
	for (const [index, archive] of [...newestFirst.entries()].toReversed()) {
		if (droppedNow.has(archive)) {
			oldestAfter = Math.max(oldestAfter, now.getTime());
			continue;
		}
		if (archive.time > now) continue;
		const placed = { index, time: archive.time.getTime(), oldestAfter };
		const drop =
			rules.length === 0 ? Number.POSITIVE_INFINITY : firstWithoutAny(placed, ends, next(now.getTime()));
		oldestAfter = Math.max(oldestAfter, drop);
		const isCapped = drop === Number.POSITIVE_INFINITY;
		dates.set(archive, { until: new Date(isCapped ? farthest : drop), isCapped });
	}
	return dates;
}

/** The first run after which no rule keeps the archive. */
function firstWithoutAny(archive: PlacedArchive, ends: readonly RuleEnd[], firstRun: Moment): Moment {
	let run = firstRun;
	for (;;) {
		const before = run;
		for (const end of ends) run = end(archive, run);
		if (run === before) return run;
	}
}
