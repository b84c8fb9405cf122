import type { Source } from "../../../sources/source.ts";

/** An entry of an {@link EntryListSource}. */
export interface ListedEntry {
	/** Name in the archive, `/`-separated and relative. */
	readonly name: string;
	/** Path of a file, absolute or relative to the current directory; `s3://bucket/key`, or `https://…`. */
	readonly source: string;
}

/**
 * A list of files, objects and resources, each with its name in the archive. It has to be sorted by the bytes of the names, as UTF-8,
 * and is never held in memory. Each entry is looked at once: that costs a request for each object and resource.
 */
export interface EntryListSource {
	/** Path of a file in which each line is a {@link ListedEntry} as JSON; or these, as they come. */
	readonly entries: string | Iterable<ListedEntry> | AsyncIterable<ListedEntry>;
}

/**
 * What an archive can be made of by many workers: whatever all of them reach in the same way. That is files and directories of a shared
 * file system (a path, or {@link PathSource}), prefixes of buckets, objects and resources of web servers (an address, or
 * {@link UrlSource}), and {@link EntryListSource}. Of all others, such as generated entries and commands, an
 * {@link InvalidOptionError} says that workers cannot reach them.
 */
export type ShardSource = Source | EntryListSource;

export function isEntryList(source: Exclude<ShardSource, string>): source is EntryListSource {
	return "entries" in source && !(Symbol.iterator in source || Symbol.asyncIterator in source);
}
