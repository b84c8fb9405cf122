const ISO_TIME =
	/^(?<date>\d{4}-\d\d-\d\d)(?:[T ](?<minutes>\d\d:\d\d)(?<seconds>:\d\d)?(?<fraction>\.\d+)?(?:Z|(?<sign>[+-])(?<hours>\d\d):?(?<rest>\d\d)))?$/;

const MINUTE_MS = 60_000;

/**
 * Reads a time as ISO 8601 writes it: `2026-01-31`, which is midnight in UTC, or `2026-01-31T12:00:00Z`, with
 * `+01:00` or the like for another zone. A time of day has to have a zone: without one it would mean another
 * moment on each machine.
 *
 * `Date` takes far more, and makes something of it: `-5` is a day in 2001, 31 February one in March.
 *
 * @returns Milliseconds since 1970; `undefined` for anything else, and for a day or time that does not exist.
 */
export function parseIsoTime(text: string): number | undefined {
	const found = ISO_TIME.exec(text)?.groups;
	if (found === undefined) return undefined;
	const { date, minutes = "00:00", seconds = ":00", fraction = "", sign = "+", hours, rest } = found;
	const milliseconds = fraction.slice(1, 4).padEnd(3, "0");
	if (fraction !== "" && found["seconds"] === undefined) return undefined;
	const written = `${date}T${minutes}${seconds}.${milliseconds}Z`;
	const moment = new Date(written);
	// A day that a month does not have becomes one of the next.
	if (Number.isNaN(moment.getTime()) || moment.toISOString() !== written) return undefined;
	if (Number(hours ?? 0) > 23 || Number(rest ?? 0) > 59) return undefined;
	const ahead = (Number(hours ?? 0) * 60 + Number(rest ?? 0)) * MINUTE_MS;
	return moment.getTime() - (sign === "-" ? -ahead : ahead);
}
