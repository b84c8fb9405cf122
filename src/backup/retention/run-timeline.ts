import type { Period } from "./keep-policy.ts";
import type { LocalCalendar } from "./local-calendar.ts";

/** Milliseconds since 1970; `Infinity` for what never happens. */
export type Moment = number;

/** The first run after a time; `Infinity` if there is none that matters. */
export type NextRun = (after: Moment) => Moment;

/** Runs to come, counted from 0; asks for no more of them than it has to. */
export type RunTimeline = (index: number) => Moment;

/** All runs after a time. */
export function timelineOfRuns(after: Moment, nextRun: NextRun): RunTimeline {
	return lazily(function* () {
		for (let run = nextRun(after); run < Number.POSITIVE_INFINITY; run = nextRun(run)) yield run;
	});
}

/**
 * The first run in each period after a time, without periods that have an archive already. It goes from period to
 * period, however many runs are between: ten years are ten steps.
 */
export function timelineOfPeriods(
	period: Period,
	after: Moment,
	taken: ReadonlySet<number>,
	nextRun: NextRun,
	calendar: LocalCalendar,
): RunTimeline {
	return lazily(function* () {
		const seen = new Set(taken);
		let run = nextRun(after);
		while (run < Number.POSITIVE_INFINITY) {
			const time = new Date(run);
			const number = calendar.periodOf(period, time);
			if (!seen.has(number)) yield run;
			seen.add(number);
			run = nextRun(calendar.nextPeriod(period, time).getTime() - 1);
		}
	});
}

function lazily(runs: () => Generator<Moment, void, void>): RunTimeline {
	const known: Moment[] = [];
	const source = runs();
	return (index) => {
		if (index === Number.POSITIVE_INFINITY) return index;
		while (known.length <= index) known.push(source.next().value ?? Number.POSITIVE_INFINITY);
		return known[index] ?? Number.POSITIVE_INFINITY;
	};
}
