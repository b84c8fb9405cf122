import { parseCalendarSpan } from "../../../backup/retention/calendar-span.ts";
import type { KeepPolicy } from "../../../backup/retention/keep-policy.ts";
import { parseKeepCount } from "../../../backup/retention/keep-rules.ts";
import { InvalidOptionError } from "../../../errors.ts";
import { invalidOption } from "../../../options/invalid-option.ts";
import type { Values } from "../option.ts";
import type { KEEP_OPTIONS } from "./keep-options.ts";

type KeepValues = Values<typeof KEEP_OPTIONS>;

/**
 * The policy that the options describe.
 *
 * @returns `undefined` if no option asks for anything to be kept: then nothing is ever removed.
 * @throws {InvalidOptionError}
 */
export function keepPolicyOf(values: KeepValues): KeepPolicy | undefined {
	const count = (name: keyof KeepValues) => {
		const text = values[name];
		return text === undefined ? undefined : parseKeepCount(`--${name}`, text);
	};
	const span = (name: keyof KeepValues) => {
		const text = values[name];
		return text === undefined ? undefined : parseCalendarSpan(`--${name}`, text);
	};
	const rules = {
		last: count("keep-last"),
		hourly: count("keep-hourly"),
		daily: count("keep-daily"),
		weekly: count("keep-weekly"),
		monthly: count("keep-monthly"),
		yearly: count("keep-yearly"),
		within: span("keep-within"),
		withinHourly: span("keep-within-hourly"),
		withinDaily: span("keep-within-daily"),
		withinWeekly: span("keep-within-weekly"),
		withinMonthly: span("keep-within-monthly"),
		withinYearly: span("keep-within-yearly"),
	};
	const min = minOf(values["keep-min"]);
	if (Object.values(rules).some((rule) => rule !== undefined)) return { ...rules, min: min ?? 1 };
	if (min === undefined) return undefined;
	throw new InvalidOptionError(
		"--keep-min says what is kept at least; say with another --keep option what is kept, such as --keep-daily 7",
	);
}

function minOf(text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	const min = /^\d+$/.test(text) ? Number(text) : 0;
	if (Number.isSafeInteger(min) && min >= 1) return min;
	throw invalidOption("--keep-min", "a whole number from 1", text);
}
