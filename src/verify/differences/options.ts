import type { Fields, OptionSchema, Resolved } from "../../options/field.ts";
import { schemaOf, withDefault } from "../../options/field.ts";
import { flag } from "../../options/kinds.ts";
import { OPEN_ARCHIVE_FIELDS, type OpenArchiveOptions } from "../../reader/options.ts";
import type { ConnectDefaults } from "../../s3/options.ts";
import { SOURCE_FIELDS, type SourceSettings } from "../../sources/options.ts";
import type { SourceOptions } from "../../sources/source-options.ts";

/** Options of sources that say which files of a directory count. */
const TREE_NAMES = [
	"exclude",
	"include",
	"excludeLargerThan",
	"excludeCaches",
	"excludeIfPresent",
	"oneFileSystem",
	"symlinks",
	"blockingReads",
] as const;

type TreeName = (typeof TREE_NAMES)[number];

/** Which files of a directory are compared, as they were chosen for the archive. */
export interface TreeOptions extends Pick<SourceOptions, TreeName> {}

export type TreeDefaults = Exclude<TreeName, "excludeLargerThan">;

export const TREE_FIELDS: Fields<TreeOptions, TreeDefaults> = {
	exclude: SOURCE_FIELDS.exclude,
	include: SOURCE_FIELDS.include,
	excludeLargerThan: SOURCE_FIELDS.excludeLargerThan,
	excludeCaches: SOURCE_FIELDS.excludeCaches,
	excludeIfPresent: SOURCE_FIELDS.excludeIfPresent,
	oneFileSystem: SOURCE_FIELDS.oneFileSystem,
	symlinks: SOURCE_FIELDS.symlinks,
	blockingReads: SOURCE_FIELDS.blockingReads,
};

/** The options of sources that these are a part of. */
export function sourceSettings(settings: Resolved<TreeOptions, TreeDefaults>): SourceSettings {
	const chosen = Object.fromEntries(TREE_NAMES.map((name) => [name, settings[name]])) as Resolved<
		TreeOptions,
		TreeDefaults
	>; // the same names
	const onDisk = { readAhead: 1, readAheadSize: 0, skipMissing: false };
	return { ...chosen, ...onDisk, omit: [], skipErrors: false, strict: false, portableNames: false };
}

/** How {@link diffArchives} compares. Those about files count if the second one is a directory. */
export interface DiffArchivesOptions extends Omit<OpenArchiveOptions, "versionId">, TreeOptions {
	/**
	 * Reads the files of a directory and compares their CRC-32. Of an archive it stands in the directory.
	 *
	 * @defaultValue `false`: files of the same size count as equal
	 */
	readonly content?: boolean | undefined;
}

type DiffDefaults = ConnectDefaults | TreeDefaults | "content";

export type DiffArchivesSettings = Resolved<DiffArchivesOptions, DiffDefaults>;

const { versionId: _, ...OPEN_FIELDS } = OPEN_ARCHIVE_FIELDS;

export const DIFF_ARCHIVES_SCHEMA: OptionSchema<DiffArchivesOptions, DiffDefaults> = schemaOf<
	DiffArchivesOptions,
	DiffDefaults
>()({ ...OPEN_FIELDS, ...TREE_FIELDS, content: withDefault(flag(), false) });
