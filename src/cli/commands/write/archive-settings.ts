import type { Level } from "../../../zip/entry.ts";
import { readPatterns } from "../../arguments/parse.ts";
import type { ARCHIVE_OPTIONS } from "../../options/archive-options.ts";
import type { Settings } from "../../options/option.ts";
import type { Given } from "../command.ts";

type ArchiveTable = typeof ARCHIVE_OPTIONS;

/** What the library is told about the sources and the archive. */
export async function archiveSettings({ values, settings }: Given<ArchiveTable, unknown>): Promise<
	Settings<ArchiveTable> & {
		readonly exclude: readonly string[];
		readonly level: Level;
		readonly blockingReads: boolean;
	}
> {
	const { exclude = [], "exclude-from": files = [] } = values;
	return {
		...settings,
		blockingReads: true, // there is nothing else to do
		exclude: [...exclude, ...(await readPatterns(files))],
		level: settings.level as Level, // its range is checked with all others
	};
}
