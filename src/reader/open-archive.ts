import { resolveOptions } from "../options/resolve-options.ts";
import type { Archive } from "./archive.ts";
import { ArchiveReader } from "./archive-reader.ts";
import { OpenedArchive } from "./opened-archive.ts";
import { OPEN_ARCHIVE_SCHEMA, type OpenArchiveOptions, type OpenArchiveSettings } from "./options.ts";
import { openRanged } from "./ranged/open-ranged.ts";

/**
 * Opens an archive for reading, without downloading it: its end is read, usually with one request, then the directory and
 * entries as they are asked for.
 *
 * All is read from one state of the archive. If it is replaced meanwhile, reading fails.
 *
 * Archives that programs would read in different ways are refused: with several end records, bytes before or behind the archive,
 * numbers that contradict each other.
 *
 * @param location - Path of a file, `s3://bucket/key`, or an `http:` or `https:` URL whose server answers range requests.
 * @throws {@link InvalidOptionError} for an address that is none, and options that are unknown or out of range.
 * @throws {@link SourceError} `SOURCE_NOT_FOUND` if there is nothing, `SOURCE_UNREADABLE` if a file cannot be read.
 * @throws {@link ArchiveError} `INVALID_ARCHIVE` if it is no ZIP archive, damaged, or ambiguous.
 * @throws {@link StorageError} if the storage or server refuses, or cannot be reached.
 *
 * @example
 * ```ts
 * const archive = await openArchive("s3://my-bucket/backups/photos.zip");
 * for await (const { name, uncompressedSize } of archive) console.log(name, uncompressedSize);
 * const entry = await archive.get("2026/sunset.jpg");
 * const bytes = await entry?.open().bytes();
 * await archive.close();
 * ```
 */
export async function openArchive(
	location: string | URL,
	options: OpenArchiveOptions = {},
): Promise<Archive> {
	const settings = resolveOptions(OPEN_ARCHIVE_SCHEMA, options);
	return new OpenedArchive(await openReader(location, settings), settings.signal);
}

/** Opens an archive for the rooms above; the caller closes it. */
export async function openReader(
	location: string | URL,
	settings: OpenArchiveSettings,
): Promise<ArchiveReader> {
	const opened = await openRanged(location, settings);
	try {
		return new ArchiveReader(opened);
	} catch (error) {
		await opened.source.close();
		throw error;
	}
}
