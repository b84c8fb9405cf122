import { Temporal } from "temporal-polyfill";
import type { CalendarSpan, Period } from "./keep-policy.ts";

const HOUR_MS = 3_600_000;

/** From the begin on, before the end, if there is one. */
interface Stretch {
	readonly begin: Date;
	readonly end: Date | undefined;
}

/** The calendar of one time zone. Remembers the periods it was asked for, as they are asked for again and again. */
export class LocalCalendar {
	readonly #timeZone: string;
	readonly #local = new Map<number, Temporal.ZonedDateTime>();
	readonly #periods = new Map<Period, Map<number, number>>();

	/** @param timeZone - IANA name, or `UTC`. */
	constructor(timeZone: string) {
		this.#timeZone = timeZone;
	}

	/**
	 * The number of the hour, day, … in which a time falls: the same for all times of the same one, and larger for a
	 * later one. An hour is one of the clock: the one that occurs twice in autumn is one.
	 */
	periodOf(period: Period, time: Date): number {
		const known = this.#periods.get(period) ?? new Map<number, number>();
		this.#periods.set(period, known);
		const ms = time.getTime();
		const number = known.get(ms) ?? numberOf(period, this.#at(time));
		known.set(ms, number);
		return number;
	}

	/** When the hour, day, … after the one of that time begins. */
	nextPeriod(period: Period, time: Date): Date {
		const begin = beginOfNext(period, this.#at(time).toPlainDateTime());
		const first = begin.toZonedDateTime(this.#timeZone).epochMilliseconds;
		if (first > time.getTime()) return new Date(first);
		// The clock shows it twice, and the first time is over.
		return new Date(begin.toZonedDateTime(this.#timeZone, { disambiguation: "later" }).epochMilliseconds);
	}

	/** The time that lies a span after another; a day that its month does not have is the last of the month. */
	after(time: Date, { years, months, days, hours }: CalendarSpan): Date {
		return new Date(this.#at(time).add({ years, months }).add({ days, hours }).epochMilliseconds);
	}

	/**
	 * The time that lies a span before another: years, months and days on the calendar, all at once, then hours of 60
	 * minutes. A day that its month does not have runs over into the next, as in restic: a month before 31 March is
	 * 3 March. Of a time that the clock shows twice it is the first, in the gap of spring it is an hour later.
	 */
	before(time: Date, { years, months, days, hours }: CalendarSpan): Date {
		const local = this.#at(time);
		const date = local
			.toPlainDate()
			.with({ day: 1 })
			.subtract({ years, months })
			.add({ days: local.day - 1 - days });
		const then = date.toZonedDateTime({ timeZone: this.#timeZone, plainTime: local.toPlainTime() });
		return new Date(then.subtract({ hours }).epochMilliseconds);
	}

	/**
	 * The stretches of time from which, looking back a span ({@link before}), one sees that time or a later one. They
	 * may begin an hour too early where clocks are put forward or back. There are two where a day runs over: on
	 * 31 March one looks back a month to 3 March, on 1 April to 1 March, and so sees 2 March in between.
	 */
	outOfSpan(time: Date, { years, months, days, hours }: CalendarSpan): readonly Stretch[] {
		const local = this.#at(time).add({ hours });
		const beginAt = (begin: Temporal.PlainDateTime): Date => {
			const zoned = begin.toZonedDateTime(this.#timeZone);
			const early = isSteady(zoned) && isSteady(local) ? 0 : HOUR_MS;
			return new Date(zoned.epochMilliseconds - early);
		};
		const clock = local.toPlainTime();
		const seen = local.toPlainDate().add({ days });
		const first = seen.with({ day: 1 });
		const usual = first.add({ years, months });
		const begin =
			seen.day <= usual.daysInMonth
				? usual.with({ day: seen.day }).toPlainDateTime(clock)
				: usual.add({ months: 1 }).toPlainDateTime();
		const stretches = [{ begin: beginAt(begin), end: undefined }];
		const monthBefore = usual.subtract({ months: 1 });
		const dayBefore = first.subtract({ months: 1 }).daysInMonth + seen.day;
		if (dayBefore > monthBefore.daysInMonth) return stretches;
		const early = monthBefore.with({ day: dayBefore }).toPlainDateTime(clock);
		const end = new Date(usual.toZonedDateTime(this.#timeZone).epochMilliseconds);
		return [{ begin: beginAt(early), end }, ...stretches];
	}

	#at(time: Date): Temporal.ZonedDateTime {
		const ms = time.getTime();
		const known = this.#local.get(ms);
		if (known !== undefined) return known;
		const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(this.#timeZone);
		this.#local.set(ms, local);
		return local;
	}
}

/** Whether clocks have not been put forward or back in the two hours before. */
function isSteady(local: Temporal.ZonedDateTime): boolean {
	return local.offsetNanoseconds === local.subtract({ hours: 2 }).offsetNanoseconds;
}

function numberOf(period: Period, local: Temporal.ZonedDateTime): number {
	switch (period) {
		case "hourly":
			return ((local.year * 12 + local.month) * 31 + local.day) * 24 + local.hour;
		case "daily":
			return (local.year * 12 + local.month) * 31 + local.day;
		case "weekly":
			// A year of weeks is not always that of the calendar: 1 January may be in the last week of the year before.
			return (local.yearOfWeek ?? 0) * 53 + (local.weekOfYear ?? 0);
		case "monthly":
			return local.year * 12 + local.month;
		case "yearly":
			return local.year;
	}
}

function beginOfNext(period: Period, local: Temporal.PlainDateTime): Temporal.PlainDateTime {
	const date = local.toPlainDate();
	switch (period) {
		case "hourly":
			return date.toPlainDateTime({ hour: local.hour }).add({ hours: 1 });
		case "daily":
			return date.add({ days: 1 }).toPlainDateTime();
		case "weekly":
			return date.add({ days: local.daysInWeek + 1 - local.dayOfWeek }).toPlainDateTime();
		case "monthly":
			return date.with({ day: 1 }).add({ months: 1 }).toPlainDateTime();
		case "yearly":
			return date.with({ month: 1, day: 1 }).add({ years: 1 }).toPlainDateTime();
	}
}
