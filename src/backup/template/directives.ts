import type { Temporal } from "temporal-polyfill";
import { writeOffset } from "./time-zone.ts";

/** What stands for a piece of the time in a template, as `date` and strftime have it. */
interface Directive {
	/** For the list of what is allowed. */
	readonly meaning: string;
	/** Of constant width: no key of a template can be taken apart in two ways. */
	readonly pattern: string;
	write(time: Temporal.ZonedDateTime): string;
}

const digits = (value: number, width: number): string => String(value).padStart(width, "0");

export const DIRECTIVES = {
	Y: { meaning: "year", pattern: "\\d{4}", write: ({ year }) => digits(year, 4) },
	m: { meaning: "month", pattern: "\\d\\d", write: ({ month }) => digits(month, 2) },
	d: { meaning: "day", pattern: "\\d\\d", write: ({ day }) => digits(day, 2) },
	H: { meaning: "hour", pattern: "\\d\\d", write: ({ hour }) => digits(hour, 2) },
	M: { meaning: "minute", pattern: "\\d\\d", write: ({ minute }) => digits(minute, 2) },
	S: { meaning: "second", pattern: "\\d\\d", write: ({ second }) => digits(second, 2) },
	z: { meaning: "offset from UTC, +0200", pattern: "[+-]\\d{4}", write: writeOffset },
	j: { meaning: "day of the year", pattern: "\\d{3}", write: ({ dayOfYear }) => digits(dayOfYear, 3) },
	G: { meaning: "year of the week", pattern: "\\d{4}", write: ({ yearOfWeek = 0 }) => digits(yearOfWeek, 4) },
	V: { meaning: "week", pattern: "\\d\\d", write: ({ weekOfYear = 0 }) => digits(weekOfYear, 2) },
	u: { meaning: "day of the week, Monday is 1", pattern: "\\d", write: ({ dayOfWeek }) => String(dayOfWeek) },
} as const satisfies Readonly<Record<string, Directive>>;

export type DirectiveName = keyof typeof DIRECTIVES;

/** Directives that stand for several. */
export const SHORT_FORMS: ReadonlyMap<string, string> = new Map([
	["F", "%Y-%m-%d"],
	["T", "%H:%M:%S"],
]);

export function isDirective(letter: string): letter is DirectiveName {
	return Object.hasOwn(DIRECTIVES, letter);
}

/** Every directive and what it means, in one line. */
export function allDirectives(): string {
	const own = Object.entries(DIRECTIVES).map(([letter, { meaning }]) => `%${letter} (${meaning})`);
	const short = [...SHORT_FORMS].map(([letter, text]) => `%${letter} (${text})`);
	return [...own, ...short, "%%"].join(", ");
}
