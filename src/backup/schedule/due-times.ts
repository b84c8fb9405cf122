import { Temporal } from "temporal-polyfill";
import type { JobSchedule } from "../job.ts";
import { type CronExpression, parseCron } from "./cron-expression.ts";

/** Cron expressions that were read before, by their text: runs ask again and again. */
const known = new Map<string, CronExpression>();

/**
 * The first time after `after` at which the job is due.
 *
 * - A fixed hour is due when the clock of the zone first shows it, or passes it: if clocks are put forward over it,
 *   at that moment; if they are put back, the first time only.
 * - Where every hour counts (`*`, `*\/4`), runs follow what the clock shows at each moment: an hour that is left out has
 *   none, an hour that comes twice has them twice.
 *
 * @throws {InvalidOptionError} if the cron expression is none
 */
export function nextDue(schedule: JobSchedule, after: Date): Date | undefined {
	for (const due of dueTimes(schedule, after)) return due;
	return undefined;
}

/**
 * All times after `after`, and up to `upTo`, at which the job is due, in order.
 *
 * @throws {InvalidOptionError} if the cron expression is none
 */
export function dueBetween(schedule: JobSchedule, after: Date, upTo: Date): Date[] {
	const found: Date[] = [];
	for (const due of dueTimes(schedule, after)) {
		if (due > upTo) break;
		found.push(due);
	}
	return found;
}

function dueTimes({ cron, timeZone }: JobSchedule, after: Date): Generator<Date, void, void> {
	const expression = known.get(cron) ?? parseCron(cron);
	known.set(cron, expression);
	const start = Temporal.Instant.fromEpochMilliseconds(after.getTime()).toZonedDateTimeISO(timeZone);
	return expression.everyHour ? shownTimes(expression, start) : passedTimes(expression, start);
}

/** Every moment at which the clock shows a time of the expression. */
function* shownTimes({ next }: CronExpression, start: Temporal.ZonedDateTime): Generator<Date, void, void> {
	let stretch = start;
	let from = shownBy(stretch);
	for (;;) {
		const change = stretch.getTimeZoneTransition("next");
		const end = change?.epochMilliseconds ?? Number.POSITIVE_INFINITY;
		for (let shown = next(from); shown !== undefined; shown = next(shown)) {
			const ms = shown - offsetOf(stretch);
			if (ms >= end) break;
			yield new Date(ms);
		}
		if (change === null) return;
		stretch = change;
		from = shownBy(stretch) - 1; // what it shows at the change counts
	}
}

/** The first moment at which the clock shows each time of the expression, or a later one. */
function* passedTimes({ next }: CronExpression, start: Temporal.ZonedDateTime): Generator<Date, void, void> {
	let stretch = start;
	let change = stretch.getTimeZoneTransition("next");
	let last: number | undefined;
	for (let shown = next(furthestShown(start)); shown !== undefined; shown = next(shown)) {
		while (change !== null && shown - offsetOf(stretch) >= change.epochMilliseconds) {
			stretch = change;
			change = stretch.getTimeZoneTransition("next");
		}
		// What the change has left out is due at the change, and only once.
		const ms = Math.max(shown - offsetOf(stretch), stretch.epochMilliseconds);
		if (ms !== last) yield new Date(ms);
		last = ms;
	}
}

/** The latest time that the clock has shown so far: before it was put back, it may have been later than now. */
function furthestShown(now: Temporal.ZonedDateTime): number {
	// The change itself is no change before, to Temporal.
	const change = now.add({ milliseconds: 1 }).getTimeZoneTransition("previous");
	if (change === null) return shownBy(now);
	const before = change.subtract({ milliseconds: 1 });
	return Math.max(shownBy(now), shownBy(before));
}

/** What a clock on the wall shows, as if it were UTC. */
function shownBy(time: Temporal.ZonedDateTime): number {
	return time.epochMilliseconds + offsetOf(time);
}

function offsetOf({ offsetNanoseconds }: Temporal.ZonedDateTime): number {
	return offsetNanoseconds / 1_000_000;
}
