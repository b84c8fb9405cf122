import { InvalidOptionError } from "../../errors.ts";
import type { OptionTable } from "../options/option.ts";

/**
 * Refuses an option that does nothing without another one: whoever types it expects something of it.
 *
 * @param typed - Names of the options on the command line; what is set for all runs is not meant for each.
 * @param values - What the options are, with those that were not typed.
 * @throws {InvalidOptionError}
 */
export function checkNeeds(
	options: OptionTable,
	typed: readonly string[],
	values: Readonly<Record<string, unknown>>,
): void {
	for (const [name, { needs }] of Object.entries(options)) {
		if (needs === undefined || !typed.includes(name) || !isSet(values[name])) continue;
		const { option, or, values: wanted } = needs;
		const value = values[option];
		if (isSet(value) && (wanted === undefined || wanted.some((one) => one === value))) continue;
		if (or !== undefined && isSet(values[or])) continue;
		const need = `--${option}${wanted === undefined ? "" : ` ${wanted.join(" or ")}`}${or === undefined ? "" : ` or --${or}`}`;
		throw new InvalidOptionError(
			isSet(value)
				? `--${name} does nothing with --${option} ${value}, only with ${need}`
				: `--${name} does nothing without ${need}`,
		);
	}
}

function isSet(value: unknown): boolean {
	return value !== undefined && value !== false;
}
