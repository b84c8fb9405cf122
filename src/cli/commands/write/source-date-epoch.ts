import { InvalidOptionError } from "../../../errors.ts";
import { shownValue } from "../../../options/shown-value.ts";
import { END_OF_ZIP_TIME_MS, FIRST_ZIP_TIME_MS } from "../../../zip/format/dos-time.ts";
import { type Io, writeLine } from "../../terminal/io.ts";

/**
 * The latest time that an entry may have, as tools that build packages say in `SOURCE_DATE_EPOCH`
 * (reproducible-builds.org/specs/source-date-epoch). A time before 1980, which ZIP does not have, is raised to that.
 *
 * @throws {InvalidOptionError} for anything but whole seconds since 1970, and milliseconds instead of them
 */
export function sourceDateEpoch(text: string | undefined): Date | undefined {
	if (text === undefined || text === "") return undefined;
	const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Number.NaN;
	if (ms < END_OF_ZIP_TIME_MS) return new Date(Math.max(ms, FIRST_ZIP_TIME_MS));
	throw new InvalidOptionError(
		`SOURCE_DATE_EPOCH is whole seconds since 1970, until 2107, not ${shownValue(text)}`,
	);
}

/** Says what a variable that nobody sees on the command line does to the archive. */
export function noteMaxMtime(maxMtime: Date | undefined, quiet: boolean | undefined, { stderr }: Io): void {
	if (maxMtime === undefined || quiet === true) return;
	const time = maxMtime.toISOString().replace(".000Z", "Z");
	writeLine(stderr, `entries later than ${time} get that time, as SOURCE_DATE_EPOCH says`);
}
