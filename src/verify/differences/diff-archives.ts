import { stat } from "node:fs/promises";
import type { Batches } from "../../async/batches.ts";
import { resolveOptions } from "../../options/resolve-options.ts";
import { openReader } from "../../reader/open-archive.ts";
import type { OpenArchiveSettings } from "../../reader/options.ts";
import { looksLikeS3Url } from "../../s3/address.ts";
import { archiveEntries, packArchive } from "./archive-entries.ts";
import { compareEntries } from "./compare-entries.ts";
import type { ComparedEntry } from "./compared-entry.ts";
import type { EntryDifference } from "./difference.ts";
import {
	DIFF_ARCHIVES_SCHEMA,
	type DiffArchivesOptions,
	type DiffArchivesSettings,
	sourceSettings,
} from "./options.ts";
import { treeEntries } from "./tree-entries.ts";

/**
 * Compares two archives by their directories alone, or an archive with a directory on disk: names, kinds, sizes, modes, times at
 * the precision that both have, and CRC-32, which stands for the content and the targets of links.
 *
 * Yields what was added or changed, in the order of the second one, then what was removed, in the order of the first. Of the
 * first one, names and facts are held in memory, about 100 bytes for each entry.
 *
 * @param before - Path of a file, `s3://bucket/key`, or an `http:` or `https:` URL.
 * @param after - The same, or the path of a directory.
 * @throws {@link InvalidOptionError} for an address that is none, and options that are unknown or out of range.
 * @throws {@link SourceError} if there is nothing, or a file cannot be read.
 * @throws {@link ArchiveError} `INVALID_ARCHIVE` if one is no ZIP archive, or is damaged.
 * @throws {@link StorageError} if the storage or server refuses, or cannot be reached.
 *
 * @example
 * ```ts
 * for await (const { type, name } of diffArchives("monday.zip", "s3://my-bucket/tuesday.zip")) console.log(type, name);
 * ```
 */
export async function* diffArchives(
	before: string | URL,
	after: string | URL,
	options: DiffArchivesOptions = {},
): AsyncGenerator<EntryDifference, void, void> {
	const settings = resolveOptions(DIFF_ARCHIVES_SCHEMA, options);
	const open: OpenArchiveSettings = { ...settings, versionId: undefined };
	const first = await openReader(before, open);
	try {
		const packed = await packArchive(first, settings.signal);
		yield* compareEntries(packed, entriesAfter(after, settings, open));
	} finally {
		await first.close();
	}
}

async function* entriesAfter(
	location: string | URL,
	settings: DiffArchivesSettings,
	open: OpenArchiveSettings,
): Batches<ComparedEntry> & AsyncGenerator<Iterable<ComparedEntry>, void, void> {
	const { content: withContent, signal, onEvent = () => {} } = settings;
	if (await isDirectory(location)) {
		const sources = sourceSettings(settings);
		yield* treeEntries({ path: String(location), sources, withContent, signal, onEvent });
		return;
	}
	const reader = await openReader(location, open);
	try {
		yield* archiveEntries(reader, signal);
	} finally {
		await reader.close();
	}
}

async function isDirectory(location: string | URL): Promise<boolean> {
	const text = String(location);
	if (looksLikeS3Url(text) || /^(https?|file):/i.test(text)) return false;
	return stat(text).then(
		(stats) => stats.isDirectory(),
		() => false, // opening it tells why
	);
}
