import { InvalidOptionError } from "../errors.ts";
import { shownValue } from "./shown-value.ts";

/**
 * The error of an option with a value that it cannot have.
 *
 * @param option - Path of the option: `level`, `metadata.owner`, `sources[2].content`.
 * @param allowed - The values it can have, in words that fit behind "must be".
 * @param about - Whose option it is, where the path does not tell: ` of the entry "a.txt"`.
 */
export function invalidOption(
	option: string,
	allowed: string,
	given: unknown,
	about = "",
): InvalidOptionError {
	const value = shownValue(given);
	const rule = given === "" ? "is empty; is a variable unset?" : `must be ${allowed}, not ${value}`;
	return new InvalidOptionError(`${option}${about} ${rule}`, { option, value, allowed, rule });
}
