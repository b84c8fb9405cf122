import { parseBandwidth } from "../arguments/bandwidth-option.ts";
import { parseDate, parseDuration, parsePairs, parseSize } from "../arguments/parse.ts";
import type { Option, OptionTable, Settings, Values } from "./option.ts";

/** The output of the parser, by the names of options. */
export type RawValues = Readonly<Record<string, unknown>>;

/**
 * Turns what was given for options into what it means: text into bytes, milliseconds, dates.
 *
 * @throws {InvalidOptionError} for text that means nothing
 */
export function readValues<Table extends OptionTable>(options: Table, given: RawValues): Values<Table> {
	const values = Object.entries(options).map(([name, { kind }]) => [
		name,
		readValue(name, kind, given[name]),
	]);
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

function readValue(name: string, kind: Option["kind"], raw: unknown): unknown {
	if (raw === undefined) return undefined;
	switch (kind) {
		case "size":
			return parseSize(name, String(raw));
		case "duration":
			return parseDuration(name, String(raw));
		case "date":
			return parseDate(name, String(raw));
		case "bandwidth":
			return parseBandwidth(String(raw));
		case "pairs":
			return parsePairs(name, raw as readonly string[]); // an array, as the parser was told
		default:
			return raw;
	}
}
