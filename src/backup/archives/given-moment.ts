import { Temporal } from "temporal-polyfill";
import { invalidOption } from "../../options/invalid-option.ts";

const ALLOWED = "a day such as 2026-10-01, or a time such as 2026-10-01T12:00 or 2026-10-01T12:00:00Z";

/**
 * The end of the day or moment that an option names, exclusive: archives before it are those of then, or older.
 *
 * @param timeZone - In which a day or a time without an offset is meant.
 * @throws {InvalidOptionError}
 */
export function endOfMoment(option: string, text: string, timeZone: string): Date {
	const end = readEnd(text, timeZone);
	if (end === undefined) throw invalidOption(option, ALLOWED, text);
	return new Date(end);
}

function readEnd(text: string, timeZone: string): number | undefined {
	try {
		if (/^\d{4}-\d\d-\d\d$/.test(text))
			return Temporal.PlainDate.from(text).add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds;
		if (/(?:Z|[+-]\d\d:?\d\d)$/i.test(text)) return Temporal.Instant.from(text).epochMilliseconds + 1;
		if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text))
			return Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone).epochMilliseconds + 1;
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
	}
	return undefined;
}
