import { OptionValueError } from "../errors.ts";

/** @throws {OptionValueError} unless the value is a whole number from `least` to `most`, or absent. */
export function checkRange(option: string, value: number | undefined, least: number, most: number): void {
	if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
	throw new OptionValueError(option, `is a whole number from ${least} to ${most}, not ${value}`);
}

/** @throws {OptionValueError} unless the milliseconds are from `least` to `most`, or absent. */
export function checkTime(option: string, value: number | undefined, least: number, most: number): void {
	if (value === undefined || (value >= least && value <= most)) return;
	const [from, to, given] = [least, most, value].map(describeTime);
	throw new OptionValueError(option, `is a time from ${from} to ${to}, not ${given}`);
}

const UNITS = [
	["d", 86_400_000],
	["h", 3_600_000],
	["min", 60_000],
	["s", 1000],
] as const;

/** In the largest unit that it is a whole number of: `90 s`, `1 h`. */
function describeTime(milliseconds: number): string {
	const [name, size] = UNITS.find(([, size]) => milliseconds > 0 && milliseconds % size === 0) ?? ["ms", 1];
	return `${milliseconds / size} ${name}`;
}
