import { Temporal } from "temporal-polyfill";
import { formatNumber, inUnits } from "../../bytes/units.ts";

const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "always" });
const MONTH = new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" });

/** Units of ages, largest first, in seconds. */
const AGES = [
	["year", 365.25 * 86_400],
	["month", 30.44 * 86_400],
	["day", 86_400],
	["hour", 3600],
	["minute", 60],
] as const;

/** Says times and sizes, in one language and one time zone whoever reads the page. */
export class ReportWords {
	readonly #now: Date;
	readonly #timeZone: string;

	constructor({ now, timeZone }: { readonly now: Date; readonly timeZone: string }) {
		this.#now = now;
		this.#timeZone = timeZone;
	}

	/** `2026-11-26` */
	day(time: Date): Temporal.PlainDate {
		return this.#zoned(time).toPlainDate();
	}

	/** `2026-11-26 04:00` */
	minute(time: Date): string {
		const zoned = this.#zoned(time);
		return `${zoned.toPlainDate()} ${zoned.toPlainTime().toString({ smallestUnit: "minute" })}`;
	}

	/** `3 hours ago` */
	age(time: Date): string {
		const seconds = (time.getTime() - this.#now.getTime()) / 1000;
		const [unit, length] = AGES.find(([, length]) => Math.abs(seconds) >= length) ?? (["second", 1] as const);
		return RELATIVE.format(Math.trunc(seconds / length), unit);
	}

	#zoned(time: Date): Temporal.ZonedDateTime {
		return Temporal.Instant.fromEpochMilliseconds(time.getTime()).toZonedDateTimeISO(this.#timeZone);
	}
}

/** `November 2026` */
export function monthWords({ year, month }: Temporal.PlainYearMonth): string {
	return MONTH.format(new Date(Date.UTC(year, month - 1)));
}

/** `412 MiB` */
export function sizeWords(bytes: number): string {
	const { value, unit } = inUnits(bytes, 1000);
	return unit === undefined ? `${value} B` : `${Number(value.toPrecision(3))} ${unit}`;
}

/** `2 h 5 min` */
export function durationWords(ms: number): string {
	if (ms < 60_000) return `${Number((ms / 1000).toPrecision(2))} s`;
	const [large, small, seconds] = ms < 3_600_000 ? (["min", "s", 1] as const) : (["h", "min", 60] as const);
	const whole = Math.round(ms / 1000 / seconds);
	const rest = whole % 60;
	return `${formatNumber(Math.floor(whole / 60))} ${large}${rest === 0 ? "" : ` ${rest} ${small}`}`;
}

/** `1 archive`, `2,000 archives` */
export function countWords(count: number, singular: string, plural = `${singular}s`): string {
	return `${formatNumber(count)} ${count === 1 ? singular : plural}`;
}

/** `5 %`; what is less than all is never said to be. */
export function shareWords(share: number): string {
	return share === 1 ? "all" : `${Number(Math.min(share * 100, 99.9).toPrecision(share < 0.1 ? 1 : 3))} %`;
}
