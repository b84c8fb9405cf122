import * as v from "valibot";
import { formatNumber } from "../../bytes/units.ts";
import { type Field, type OptionSchema, optional, schemaOf } from "../../options/field.ts";
import { count, numberFrom } from "../../options/kinds.ts";

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
export const MIN_BYTES_PER_SECOND = 1000;

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
