import type { CalendarSpan, KeepPolicy, Period } from "./keep-policy.ts";
import { type KeepRule, rulesOf } from "./keep-rules.ts";
import type { LocalCalendar } from "./local-calendar.ts";
import { type Moment, type NextRun, timelineOfPeriods, timelineOfRuns } from "./run-timeline.ts";

/** An archive among the others, not from the future. */
export interface PlacedArchive {
	/** So many are newer. */
	readonly index: number;
	readonly time: Moment;
	/** Runs later than this find no older one beside it. */
	readonly oldestAfter: Moment;
}

/** The first run, that one or a later one, after which a rule does not keep the archive; `Infinity` if none. */
export type RuleEnd = (archive: PlacedArchive, from: Moment) => Moment;

interface Future {
	readonly now: Moment;
	readonly nextRun: NextRun;
	readonly calendar: LocalCalendar;
}

const NEVER = Number.POSITIVE_INFINITY;

/** When each rule lets go of archives, if every later run adds one. The times are from the newest on. */
export function ruleEnds(times: readonly Date[], policy: KeepPolicy, future: Future): readonly RuleEnd[] {
	const least: KeepRule = { kind: "last", name: "min", count: Math.max(policy.min, 1) };
	return [least, ...rulesOf(policy)].map((rule) => endOf(rule, times, future));
}

function endOf(rule: KeepRule, times: readonly Date[], future: Future): RuleEnd {
	switch (rule.kind) {
		case "last":
			return endOfLast(rule.count, future);
		case "period":
			return endOfPeriods(rule.period, rule.count, times, future);
		case "within":
			return rule.period === undefined
				? endOfSpan(rule.span, future)
				: endOfPeriodsWithin(rule.period, rule.span, times, future);
	}
}

function endOfLast(count: number, { now, nextRun }: Future): RuleEnd {
	const runs = timelineOfRuns(now, nextRun);
	return ({ index }, from) => {
		const left = count - index;
		return left <= 0 ? from : Math.max(from, runs(left - 1));
	};
}

function endOfPeriods(period: Period, count: number, times: readonly Date[], future: Future): RuleEnd {
	const places = placesIn(period, times, future);
	const numbers = new Set(times.map((time) => future.calendar.periodOf(period, time)));
	const { now, nextRun, calendar } = future;
	const periods = timelineOfPeriods(period, now, numbers, nextRun, calendar);
	return (archive, from) => {
		const { newerPeriods, supersededAt } = places(archive);
		const left = count - newerPeriods;
		if (left <= 0) return from;
		const run = Math.max(from, Math.min(supersededAt, periods(left - 1)));
		if (run <= archive.oldestAfter) return run;
		// As the oldest it is kept until newer ones use the number up; one in its own period is such a one.
		const others = left - (Number.isFinite(supersededAt) ? 1 : 0);
		return Math.max(run, others === 0 ? supersededAt : periods(others - 1));
	};
}

function endOfSpan(span: CalendarSpan, { nextRun, calendar }: Future): RuleEnd {
	// Neighbours ask about the same runs.
	const begins = new Map<Moment, Moment>();
	const beginAt = (run: Moment): Moment => {
		const begin = begins.get(run) ?? calendar.before(new Date(run), span).getTime();
		begins.set(run, begin);
		return begin;
	};
	return ({ time }, from) => {
		const isOut = (run: Moment) => beginAt(run) >= time;
		if (isOut(from)) return from;
		for (const stretch of calendar.outOfSpan(new Date(time), span)) {
			const end = stretch.end?.getTime() ?? NEVER;
			let run = nextRun(Math.max(from, stretch.begin.getTime()) - 1);
			while (run < end && !isOut(run)) run = nextRun(run);
			if (run < end) return run;
		}
		return NEVER;
	};
}

function endOfPeriodsWithin(
	period: Period,
	span: CalendarSpan,
	times: readonly Date[],
	future: Future,
): RuleEnd {
	const places = placesIn(period, times, future);
	const spanEnd = endOfSpan(span, future);
	return (archive, from) => {
		const { supersededAt } = places(archive);
		let run = from;
		while (run < NEVER) {
			const isOldest = run > archive.oldestAfter;
			if (!isOldest && run >= supersededAt) return run;
			const out = spanEnd(archive, run);
			if (out === run) return run;
			run = isOldest ? out : Math.min(out, supersededAt);
		}
		return run;
	};
}

interface Place {
	/** How many periods have newer archives. */
	readonly newerPeriods: number;
	/** The first run in its period; long ago if there is a newer archive already. */
	readonly supersededAt: Moment;
}

/** Where each archive stands among the periods. */
function placesIn(
	period: Period,
	times: readonly Date[],
	{ now, nextRun, calendar }: Future,
): (archive: PlacedArchive) => Place {
	const newer = new Set<number>();
	const run = nextRun(now);
	const numberOfRun = run < NEVER ? calendar.periodOf(period, new Date(run)) : undefined;
	const places = times.map((time): Place => {
		const number = calendar.periodOf(period, time);
		const newerPeriods = newer.size;
		if (newer.has(number)) return { newerPeriods, supersededAt: Number.NEGATIVE_INFINITY };
		newer.add(number);
		return { newerPeriods, supersededAt: number === numberOfRun ? run : NEVER };
	});
	const none: Place = { newerPeriods: 0, supersededAt: NEVER };
	return ({ index }) => places[index] ?? none;
}
