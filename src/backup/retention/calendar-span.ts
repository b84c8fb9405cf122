import { invalidOption } from "../../options/invalid-option.ts";
import type { CalendarSpan } from "./keep-policy.ts";

/** What a span may be, in words that fit after "must be". */
export const SPAN_RULE = "a span such as 30d, 1y6m or 36h (y, m, w, d, h: years, months, weeks, days, hours)";

const UNITS = [
	["y", "years"],
	["m", "months"],
	["d", "days"],
	["h", "hours"],
] as const;
const DAYS_OF_A_WEEK = 7;
/** Of a single field. Above all that anybody keeps, and far below what a calendar can take. */
const MOST = 100_000;

/**
 * Reads a span such as `1y5m7d2h`. Beside restic's units it knows weeks, which are seven days. `m` is months: a
 * backup is kept for months, never for minutes.
 *
 * @param option - What gives the span, for messages: `keep.within`.
 * @throws {InvalidOptionError} also for a span of nothing, and for a unit that is given twice
 */
export function parseCalendarSpan(option: string, text: string): CalendarSpan {
	if (!/^(\d+[ymwdh])+$/.test(text)) throw invalidOption(option, SPAN_RULE, text);
	const fields = new Map<string, number>();
	for (const [, digits, unit = ""] of text.matchAll(/(\d+)([ymwdh])/g)) {
		const count = Number(digits);
		if (fields.has(unit) || count > MOST) throw invalidOption(option, SPAN_RULE, text);
		fields.set(unit, count);
	}
	const of = (unit: string) => fields.get(unit) ?? 0;
	const span = {
		years: of("y"),
		months: of("m"),
		days: of("w") * DAYS_OF_A_WEEK + of("d"),
		hours: of("h"),
	};
	if (UNITS.every(([, field]) => span[field] === 0)) throw invalidOption(option, SPAN_RULE, text);
	return span;
}

/** A span as {@link parseCalendarSpan} reads it: `1y5m7d2h`, `14d`. */
export function formatCalendarSpan(span: CalendarSpan): string {
	return UNITS.flatMap(([unit, field]) => (span[field] === 0 ? [] : [`${span[field]}${unit}`])).join("");
}
