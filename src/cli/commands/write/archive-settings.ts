import type { DirectoryMarker } from "../../../sources/files/markers.ts";
import type { Level } from "../../../zip/entry.ts";
import { readPatterns } from "../../arguments/parse.ts";
import type { ARCHIVE_OPTIONS } from "../../options/archive-options.ts";
import type { Settings } from "../../options/option.ts";
import type { Given } from "../command.ts";

type ArchiveTable = typeof ARCHIVE_OPTIONS;

/** Options whose text means more to the library. */
interface ReadSettings {
	readonly exclude: readonly string[];
	readonly excludeIfPresent: readonly DirectoryMarker[];
	readonly level: Level;
	readonly blockingReads: boolean;
}

/** What the library is told about the sources and the archive. */
export async function archiveSettings({
	values,
	settings,
}: Given<ArchiveTable, unknown>): Promise<Omit<Settings<ArchiveTable>, keyof ReadSettings> & ReadSettings> {
	const { exclude = [], "exclude-from": files = [], "exclude-if-present": markers = [] } = values;
	return {
		...settings,
		blockingReads: true, // there is nothing else to do
		exclude: [...exclude, ...(await readPatterns(files))],
		excludeIfPresent: markers.map(readMarker),
		level: settings.level as Level, // its range is checked with all others
	};
}

/** `FILE`, or `FILE:START`. */
function readMarker(text: string): DirectoryMarker {
	const at = text.indexOf(":");
	return at < 0 ? { name: text } : { name: text.slice(0, at), header: text.slice(at + 1) };
}
