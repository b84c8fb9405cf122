import * as v from "valibot";
import { formatNumber } from "../../bytes/units.ts";
import { InvalidOptionError } from "../../errors.ts";
import { type Field, type OptionSchema, optional, schemaOf } from "../../options/field.ts";
import { count, numberFrom } from "../../options/kinds.ts";
import { shownValue } from "../../options/shown-value.ts";
import { parseSize } from "../../options/size.ts";

/** One line of a timetable: the rate applies from this time until the next line. */
export interface BandwidthChange {
	/** Minutes since midnight, local time: 0 to 1,439. */
	readonly minuteOfDay: number;
	/**
	 * Day of the week, 0 for Sunday.
	 *
	 * @defaultValue every day
	 */
	readonly weekday?: number | undefined;
	/** Highest rate; `undefined` for no limit. */
	readonly bytesPerSecond: number | undefined;
}

/** Bytes per second, or a timetable of them that repeats every week. */
export type BandwidthLimit = number | readonly BandwidthChange[];

/** Below that a part of 5 MiB takes more than an hour and a half, and no timeout fits. */
const MIN_BYTES_PER_SECOND = 1000;

const LIMIT = `a number of bytes per second, ${formatNumber(MIN_BYTES_PER_SECOND)} or more, or a list of times with one each`;

function rate(): Field<number> {
	return numberFrom(`at least ${formatNumber(MIN_BYTES_PER_SECOND)} bytes per second`, MIN_BYTES_PER_SECOND);
}

const CHANGE_SCHEMA: OptionSchema<BandwidthChange> = schemaOf<BandwidthChange>()({
	minuteOfDay: count(0, 1439),
	weekday: optional(count(0, 6)),
	bytesPerSecond: optional(rate()),
});

export function bandwidthLimit(): Field<BandwidthLimit> {
	const timetable = v.pipe(v.array(CHANGE_SCHEMA.object, LIMIT), v.nonEmpty("a list with at least one time"));
	// By its type, and not as a union: what is wrong with a rate is told as that.
	return v.lazy((given) =>
		typeof given === "number" ? rate() : timetable,
	) as unknown as Field<BandwidthLimit>;
}

const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/**
 * Reads `10M`, or a timetable as rclone has it: `08:00,512k 19:00,10M 23:00,off`, with a day in front where
 * a line is for that day only (`Sat-00:00,off`). Bytes per second, as sizes are; local time.
 *
 * @param label - What gives the limit, for messages.
 * @returns `undefined` for `off`
 * @throws {InvalidOptionError}
 */
export function parseBandwidth(label: string, text: string): BandwidthLimit | undefined {
	const entries = text.trim().split(/\s+/);
	const [first = ""] = entries;
	if (entries.length === 1 && !first.includes(",")) return parseRate(label, first, text);
	return entries.map((entry) => parseChange(label, entry, text));
}

function parseChange(label: string, entry: string, text: string): BandwidthChange {
	const match = /^(?:([a-z]{3})[a-z]*-)?(\d{1,2}):(\d{2}),(\S+)$/i.exec(entry);
	const weekday = match?.[1] === undefined ? undefined : WEEKDAYS.indexOf(match[1].toLowerCase());
	const [hour, minute] = [Number(match?.[2]), Number(match?.[3])];
	if (match === null || weekday === -1 || hour > 23 || minute > 59) throw malformed(label, text);
	return { weekday, minuteOfDay: hour * 60 + minute, bytesPerSecond: parseRate(label, match[4] ?? "", text) };
}

function parseRate(label: string, rate: string, text: string): number | undefined {
	if (rate.toLowerCase() === "off") return undefined;
	if (!/^[\d.]+([KMGT](iB?|B)?|B)?$/i.test(rate)) throw malformed(label, text);
	return parseSize(label, rate, MIN_BYTES_PER_SECOND);
}

function malformed(label: string, text: string): InvalidOptionError {
	return new InvalidOptionError(
		`${label} is bytes per second such as 10M or 512k, or times with rates such as "08:00,512k 19:00,10M 23:00,off", not ${shownValue(text)}`,
	);
}
