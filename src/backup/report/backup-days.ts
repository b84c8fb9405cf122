import { Temporal } from "temporal-polyfill";

/** One month of the calendar. */
export interface BackupMonth {
	readonly month: Temporal.PlainYearMonth;
	/** Those between the first archive and today, or the last archive; the days before and after are none of them. */
	readonly days: readonly BackupDay[];
}

export interface BackupDay {
	readonly date: Temporal.PlainDate;
	/** Archives of that day that are there. */
	readonly count: number;
}

/**
 * Days with and without archives, in months.
 *
 * @param days - Of all archives, oldest first, at least one.
 * @param today - The last day that counts, unless an archive is of a later one.
 * @param mostMonths - Earlier ones are left out.
 */
export function backupMonths(
	days: readonly Temporal.PlainDate[],
	today: Temporal.PlainDate,
	mostMonths: number,
): readonly BackupMonth[] {
	const counts = new Map<string, number>();
	for (const day of days) counts.set(day.toString(), (counts.get(day.toString()) ?? 0) + 1);
	const newest = days.at(-1) ?? today;
	const last = later(newest, today);
	const earliest = last.toPlainYearMonth().subtract({ months: mostMonths - 1 });
	const first = later(days[0] ?? today, earliest.toPlainDate({ day: 1 }));
	const months: BackupMonth[] = [];
	for (let day = first; Temporal.PlainDate.compare(day, last) <= 0; ) {
		const month = day.toPlainYearMonth();
		const ofMonth: BackupDay[] = [];
		for (
			;
			month.equals(day.toPlainYearMonth()) && Temporal.PlainDate.compare(day, last) <= 0;
			day = day.add({ days: 1 })
		)
			ofMonth.push({ date: day, count: counts.get(day.toString()) ?? 0 });
		months.push({ month, days: ofMonth });
	}
	return months;
}

function later(one: Temporal.PlainDate, other: Temporal.PlainDate): Temporal.PlainDate {
	return Temporal.PlainDate.compare(one, other) < 0 ? other : one;
}
