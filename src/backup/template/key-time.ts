import { Temporal } from "temporal-polyfill";
import type { DirectiveName } from "./directives.ts";

/** What a key says of its time. */
export type KeyFields = Readonly<Partial<Record<DirectiveName, string>>>;

/**
 * Moments that a key may stand for, the earliest first: clocks may be changed within the hour or the day that it
 * names, and its offset tells on which side it is.
 *
 * @returns none if there is no such date or time
 */
export function momentsOf(fields: KeyFields, timeZone: string): Temporal.ZonedDateTime[] {
	try {
		const start = startOf(fields, timeZone);
		const change = start.getTimeZoneTransition("next");
		return change === null ? [start] : [start, change];
	} catch (error) {
		if (error instanceof RangeError) return [];
		throw error;
	}
}

function startOf(fields: KeyFields, timeZone: string): Temporal.ZonedDateTime {
	const { H, M = "0", S = "0", z } = fields;
	const date = dateOf(fields);
	if (H === undefined && z === undefined) return date.toZonedDateTime(timeZone);
	const time = Temporal.PlainTime.from(
		{ hour: Number(H ?? 0), minute: Number(M), second: Number(S) },
		{ overflow: "reject" },
	);
	if (z === undefined) return date.toZonedDateTime({ timeZone, plainTime: time });
	const offset = `${z.slice(0, 3)}:${z.slice(3)}`;
	return date.toZonedDateTime({ timeZone: offset, plainTime: time }).withTimeZone(timeZone);
}

function dateOf({ Y, m, d, j, G, V, u }: KeyFields): Temporal.PlainDate {
	if (Y !== undefined && m !== undefined && d !== undefined)
		return Temporal.PlainDate.from(
			{ year: Number(Y), month: Number(m), day: Number(d) },
			{ overflow: "reject" },
		);
	if (Y !== undefined && j !== undefined)
		return new Temporal.PlainDate(Number(Y), 1, 1).add({ days: Number(j) - 1 });
	// The fourth of January is in the first week (ISO 8601).
	const fourth = new Temporal.PlainDate(Number(G), 1, 4);
	const days = (Number(V) - 1) * 7 + Number(u) - fourth.dayOfWeek;
	return fourth.add({ days });
}
