import type { StorageOptions } from "../../../s3/options.ts";
import type { DirectoryMarker } from "../../../sources/files/markers.ts";
import type { Level } from "../../../zip/entry.ts";
import { readPatterns } from "../../arguments/parse.ts";
import type { ARCHIVE_OPTIONS } from "../../options/archive-options.ts";
import type { Settings, Values } from "../../options/option.ts";
import type { REMOTE_OPTIONS } from "../../options/sources/remote-options.ts";
import { type SourceStorageName, sourceStorageOf } from "../../options/sources/source-storage-of.ts";
import type { Io } from "../../terminal/io.ts";
import { sourceDateEpoch } from "./source-date-epoch.ts";

/** What these options say. */
type ReadValues = Pick<
	Values<ArchiveTable>,
	"exclude" | "exclude-from" | "exclude-if-present" | "mtime" | SourceStorageName
>;

type ArchiveTable = typeof ARCHIVE_OPTIONS & typeof REMOTE_OPTIONS;

/** Settings of these options, of which a command may lack some. */
type MaybeSettings = {
	readonly [Name in keyof Settings<ArchiveTable>]?: Settings<ArchiveTable>[Name] | undefined;
};

/** Options whose text means more to the library. */
interface ReadSettings {
	readonly exclude: readonly string[];
	readonly excludeIfPresent: readonly DirectoryMarker[];
	readonly level: Level | undefined;
	readonly blockingReads: boolean;
	readonly maxMtime: Date | undefined;
	readonly sourceStorage: StorageOptions | undefined;
}

/**
 * What the library is told about the sources and the archive.
 *
 * @throws {InvalidOptionError}
 */
export async function archiveSettings<Archive extends MaybeSettings>(
	{ values, settings }: { readonly values: ReadValues; readonly settings: Archive },
	{ signal }: Pick<Io, "signal">,
): Promise<Omit<Archive, keyof ReadSettings> & ReadSettings> {
	const { exclude = [], "exclude-from": files = [], "exclude-if-present": markers = [], mtime } = values;
	// What is typed goes before what is in the air.
	const maxMtime = mtime === undefined ? sourceDateEpoch(process.env["SOURCE_DATE_EPOCH"]) : undefined;
	return {
		...settings,
		maxMtime,
		sourceStorage: sourceStorageOf(values),
		blockingReads: true, // there is nothing else to do
		exclude: [...exclude, ...(await readPatterns(files, signal))],
		excludeIfPresent: markers.map(readMarker),
		level: settings.level as Level | undefined, // its range is checked with all others
	};
}

/** `FILE`, or `FILE:START`. */
export function readMarker(text: string): DirectoryMarker {
	const at = text.indexOf(":");
	return at < 0 ? { name: text } : { name: text.slice(0, at), header: text.slice(at + 1) };
}
