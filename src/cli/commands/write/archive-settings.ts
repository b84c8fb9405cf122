import type { Level } from "../../../zip/entry.ts";
import { readPatterns } from "../../arguments/parse.ts";
import type { ARCHIVE_OPTIONS } from "../../options/archive-options.ts";
import type { Settings } from "../../options/option.ts";
import type { Io } from "../../terminal/io.ts";
import type { Given } from "../command.ts";
import { sourceDateEpoch } from "./source-date-epoch.ts";

type ArchiveTable = typeof ARCHIVE_OPTIONS;

/** What the library is told about the sources and the archive. */
interface ArchiveSettings extends Settings<ArchiveTable> {
	readonly exclude: readonly string[];
	readonly level: Level;
	readonly blockingReads: boolean;
	readonly maxMtime: Date | undefined;
}

/** @throws {InvalidOptionError} */
export async function archiveSettings(
	{ values, settings }: Given<ArchiveTable, unknown>,
	{ signal }: Io,
): Promise<ArchiveSettings> {
	const { exclude = [], "exclude-from": files = [], mtime } = values;
	// What is typed goes before what is in the air.
	const maxMtime = mtime === undefined ? sourceDateEpoch(process.env["SOURCE_DATE_EPOCH"]) : undefined;
	return {
		...settings,
		maxMtime,
		blockingReads: true, // there is nothing else to do
		exclude: [...exclude, ...(await readPatterns(files, signal))],
		level: settings.level as Level, // its range is checked with all others
	};
}
