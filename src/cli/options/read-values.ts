import { parseDuration } from "../../options/duration.ts";
import { parseSize } from "../../options/size.ts";
import { parseBandwidth } from "../../storage/parts/bandwidth-limit.ts";
import {
	parseChoice,
	parseDate,
	parseFlag,
	parseNumber,
	parsePairs,
	parseShare,
} from "../arguments/parse.ts";
import type { Option, OptionTable, Settings, Values } from "./option.ts";

/** What was given for options, by their names: text, lists of text, or whether a flag is set. */
export type RawValues = Readonly<Record<string, unknown>>;

/**
 * Turns what was given for options into what it means: text into bytes, milliseconds, dates. Options that were not
 * given have their defaults.
 *
 * @throws {InvalidOptionError} for text that means nothing
 */
export function readValues<Table extends OptionTable>(options: Table, given: RawValues): Values<Table> {
	const values = Object.entries(options).map(([name, option]) => {
		const raw = given[name];
		return [name, raw === undefined ? defaultOf(option) : readValue(option, raw, `--${name}`)];
	});
	return Object.fromEntries(values) as Values<Table>; // kind by kind as its type says
}

/** The same values by the names that the library has for them. */
export function settingsOf<Table extends OptionTable>(
	options: Table,
	values: Values<Table>,
): Settings<Table> {
	const settings = Object.entries(options).flatMap(([name, { sets }]) =>
		sets === undefined ? [] : [[sets, values[name]]],
	);
	return Object.fromEntries(settings) as Settings<Table>; // the type is made in the same way
}

/**
 * Turns what was given for one option into what it means.
 *
 * @param label - What gives the value, for messages: `--part-size`.
 * @throws {InvalidOptionError} for text that means nothing
 */
function readValue(option: Option, raw: unknown, label: string): unknown {
	switch (option.kind) {
		case "flag":
			return parseFlag(label, String(raw));
		case "size":
			return parseSize(label, String(raw), option.leastPlain);
		case "duration":
			return parseDuration(label, String(raw));
		case "number":
			return parseNumber(label, String(raw), option.allowed);
		case "share":
			return parseShare(label, String(raw));
		case "date":
			return parseDate(label, String(raw));
		case "bandwidth":
			return parseBandwidth(label, String(raw));
		case "choice":
			return parseChoice(label, String(raw), option.choices);
		case "pairs":
			return parsePairs(label, raw as readonly string[]); // an array, as the parser was told
		default:
			return raw;
	}
}

function defaultOf(option: Option): unknown {
	return "default" in option ? option.default : undefined;
}
