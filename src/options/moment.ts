import * as v from "valibot";
import type { Field } from "./field.ts";
import { parseIsoTime } from "./iso-time.ts";

/** A moment as programs have it: a Date, milliseconds since 1970, or text as ISO 8601 writes it. */
export type Moment = Date | number | string;

/** The years that ZIP has (APPNOTE 4.4.6). Seconds since 1970 that are taken for milliseconds are before them. */
const FIRST_MS = Date.UTC(1980, 0, 1);
const END_MS = Date.UTC(2108, 0, 1);

const MOMENT =
	"a Date that is valid, milliseconds since 1970 or text such as 2026-01-31T12:00:00Z, from 1980 to 2107";

/**
 * A moment for an entry. Numbers and text are refused outside the years that ZIP has: they are seconds by
 * mistake, or misspelt. A Date outside them may be from a file, and is kept as well as ZIP can.
 */
export function moment(): Field<Moment> {
	return v.custom<Moment>(isMoment, MOMENT);
}

function isMoment(value: unknown): boolean {
	if (value instanceof Date) return !Number.isNaN(value.getTime());
	if (typeof value === "string" && value !== "") return isInRange(parseIsoTime(value));
	return typeof value === "number" && isInRange(value);
}

function isInRange(ms: number | undefined): boolean {
	return ms !== undefined && ms >= FIRST_MS && ms < END_MS;
}

/** Milliseconds since 1970 of a moment that the field has taken. */
export function momentMs(given: Moment): number {
	if (typeof given === "number") return given;
	return typeof given === "string" ? (parseIsoTime(given) ?? Number.NaN) : given.getTime();
}
