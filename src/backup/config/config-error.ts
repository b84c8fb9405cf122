import { formatNumber } from "../../bytes/units.ts";
import { ZipferryError } from "../../errors.ts";

/** More are hardly read, and often follow from the first ones. */
const MOST_SHOWN = 10;

/** A config cannot be used. Nothing was read or sent. */
export class ConfigError extends ZipferryError {
	/** Name of the class. */
	override readonly name = "ConfigError";
	/** Tells the kind of failure apart. */
	readonly code = "INVALID_OPTION";
	/** One line for each problem, ten at most, and how many there are besides. */
	readonly lines: readonly string[];

	constructor(lines: readonly [string, ...string[]], cause?: unknown) {
		const rest = lines.length - MOST_SHOWN;
		const shown = rest > 0 ? [...lines.slice(0, MOST_SHOWN), `and ${formatNumber(rest)} more`] : lines;
		super(shown.join("\n"), { cause });
		this.lines = shown;
	}
}
