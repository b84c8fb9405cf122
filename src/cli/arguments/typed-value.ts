import { InvalidOptionError } from "../../errors.ts";
import { shownValue } from "../../options/shown-value.ts";
import type { OptionTable } from "../options/option.ts";
import type { RawValues } from "../options/read-values.ts";

/**
 * An error of the library about the value of an option, with the text that was typed for it: `"1M"`, where the
 * library was given 1048576. Other errors are what they are.
 */
export function asTyped(error: unknown, options: OptionTable, given: RawValues): unknown {
	if (!(error instanceof InvalidOptionError)) return error;
	const { option = "", allowed, value, problem, advice, cause } = error;
	// Of a list it says itself which item it is about.
	const [name] =
		Object.entries(options).find(([, { sets }]) => sets !== undefined && sets === /^\w+/.exec(option)?.[0]) ??
		[];
	const typed = name === undefined ? undefined : given[name];
	if (typeof typed !== "string" || error.rule !== `must be ${allowed}, not ${value}`) return error;
	const shown = shownValue(typed);
	const rule = `must be ${allowed}, not ${shown}`;
	return new InvalidOptionError(problem, { option, value: shown, allowed, rule, advice, cause });
}
