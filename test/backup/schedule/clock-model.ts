/**
 * What cron does, by brute force and by other means than the program: it looks at the clock of the zone at every
 * minute, and takes expressions of five plain fields.
 */
const MINUTE = 60_000;

export interface ClockModel {
	/** All due times, later than the first date and up to the second one; both are whole minutes. */
	dueBetween(after: Date, upTo: Date): Date[];
}

export function clockModel(cron: string, timeZone: string): ClockModel {
	const fields = cron.split(" ").map(readField);
	const [minute, hour, day, month, weekday] = fields;
	if (!(minute && hour && day && month && weekday)) throw new Error(`${cron} has not five fields`);
	const everyHour = cron.split(" ")[1]?.startsWith("*") === true;
	const clock = clockOf(timeZone);
	/** @param shown - Minutes, as if the clock showed UTC. */
	const matches = (shown: number): boolean => {
		const date = new Date(shown);
		const dayFits = day.has(date.getUTCDate());
		const weekdayFits = weekday.has(date.getUTCDay());
		const restricted = [day.size < 31, weekday.size < 7];
		const fits = restricted.every(Boolean) ? dayFits || weekdayFits : dayFits && weekdayFits;
		return (
			fits &&
			minute.has(date.getUTCMinutes()) &&
			hour.has(date.getUTCHours()) &&
			month.has(date.getUTCMonth() + 1)
		);
	};
	return {
		dueBetween(after, upTo) {
			const due: Date[] = [];
			// Clocks that were put back before have shown more than they show now.
			let furthest = Number.NEGATIVE_INFINITY;
			for (let ms = after.getTime() - 1440 * MINUTE; ms <= upTo.getTime(); ms += MINUTE) {
				const shown = clock(ms);
				const passed: number[] = [];
				for (let one = Math.max(furthest + MINUTE, shown - 1440 * MINUTE); one <= shown; one += MINUTE)
					passed.push(one);
				furthest = Math.max(furthest, shown);
				const isDue = everyHour ? matches(shown) : passed.some(matches);
				if (ms > after.getTime() && isDue) due.push(new Date(ms));
			}
			return due;
		},
	};
}

function clockOf(timeZone: string): (ms: number) => number {
	const format = new Intl.DateTimeFormat("en-US", {
		timeZone,
		hourCycle: "h23",
		year: "numeric",
		month: "numeric",
		day: "numeric",
		hour: "numeric",
		minute: "numeric",
	});
	return (ms) => {
		const parts = Object.fromEntries(
			format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]),
		);
		const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
		return Date.UTC(year, month - 1, day, hour, minute);
	};
}

const RANGES = [
	[0, 59],
	[0, 23],
	[1, 31],
	[1, 12],
	[0, 6],
] as const;

function readField(text: string, index: number): ReadonlySet<number> {
	const [least, most] = RANGES[index] ?? [0, 0];
	const values = text.split(",").flatMap((piece) => {
		const [range = "", step = "1"] = piece.split("/");
		const [from, to] = range === "*" ? [least, most] : range.split("-").map(Number);
		const count = ((to ?? from ?? 0) - (from ?? 0)) / Number(step);
		return Array.from({ length: Math.floor(count) + 1 }, (_, at) => (from ?? 0) + at * Number(step));
	});
	return new Set(values);
}
