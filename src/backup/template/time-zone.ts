import { Temporal } from "temporal-polyfill";
import { invalidOption } from "../../options/invalid-option.ts";

/** Clocks that have not been changed since then are taken for clocks that nobody will change. */
const RECENTLY = Temporal.Instant.from("2020-01-01T00:00Z");

const MINUTE_NS = 60_000_000_000;

/**
 * The name of a zone as IANA spells it.
 *
 * @throws {InvalidOptionError} if there is no such zone. Offsets such as `+02:00` are none.
 */
export function timeZoneOf(given: string): string {
	try {
		if (/^[A-Za-z]/.test(given)) return RECENTLY.toZonedDateTimeISO(given).timeZoneId;
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
	}
	throw invalidOption("timeZone", "the name of a time zone, such as UTC or Europe/Berlin", given);
}

/** Whether clocks are put back in that zone now and then, so that a local time may occur twice. */
export function changesClocks(timeZone: string): boolean {
	return RECENTLY.toZonedDateTimeISO(timeZone).getTimeZoneTransition("next") !== null;
}

/** Whether clocks there always show UTC. */
export function isUtc(timeZone: string): boolean {
	return RECENTLY.toZonedDateTimeISO(timeZone).offsetNanoseconds === 0 && !changesClocks(timeZone);
}

/** `+0200` */
export function writeOffset({ offsetNanoseconds }: Temporal.ZonedDateTime): string {
	const minutes = Math.round(Math.abs(offsetNanoseconds) / MINUTE_NS);
	const digits = `${Math.trunc(minutes / 60)}`.padStart(2, "0") + `${minutes % 60}`.padStart(2, "0");
	return `${offsetNanoseconds < 0 ? "-" : "+"}${digits}`;
}
