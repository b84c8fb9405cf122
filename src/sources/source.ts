import type { StorageOptions } from "../s3/options.ts";
import type { MethodChoice } from "../zip/entry.ts";
import type { Content } from "./generated/content.ts";

/** A file or directory on disk. */
export interface PathSource {
	/** Absolute, or relative to the current directory. */
	readonly path: string;
	/**
	 * Name it gets in the archive, `/`-separated; `""` puts the contents of a directory at the root.
	 *
	 * @defaultValue The last part of the path; `""` for a directory that is the only source.
	 */
	readonly as?: string | undefined;
	/**
	 * Path below `path` to the directory that is archived in its place, `/`-separated: for servers, which are told by others what
	 * to archive. No symbolic link is followed on this way, and it cannot lead out: a segment `..` is refused. Filters stay
	 * relative to `path`. Bytes, for names that are not UTF-8. The name in the archive is `""` by default.
	 *
	 * @defaultValue `path` itself
	 */
	readonly below?: string | Uint8Array | undefined;
}

/**
 * Files and directories on disk, each under a name that is its path: `photos/a.jpg` is archived as `photos/a.jpg`, and so is
 * `/photos/a.jpg`. Paths are relative to the current directory, and may have no `..` in them. Directories that are
 * not listed themselves get no entry.
 *
 * A directory is archived with all that is in it, so what is listed below it adds nothing. Filters are relative to the
 * current directory. Links are archived as {@link SourceOptions.symlinks} says. A path that leads nowhere is an
 * error, unless {@link SourceOptions.skipErrors} is set.
 *
 * Entries come in the byte order of their paths, segment by segment, whatever the order of the list. A path takes its
 * bytes and three more in memory, and some 250 bytes while the list is sorted.
 */
export interface PathListSource {
	/** Gone through once, when the sources are opened. Bytes, for names that are not UTF-8. */
	readonly paths: Iterable<string | Uint8Array>;
}

/**
 * The output of a program, as an entry. The program is started without a shell when all entries before it have been
 * read, in a process group of its own, and reads nothing from stdin. What it writes to stderr comes as
 * `command-output` events.
 *
 * The archive fails with `COMMAND_FAILED`, whatever {@link SourceOptions.skipErrors} says, if the program exits with
 * another code than 0, is ended by a signal, or writes nothing. If the archive ends early, the program and all that it
 * has started get SIGTERM, and SIGKILL after five seconds.
 */
export interface CommandSource {
	/** Name of the entry, `/`-separated and relative. */
	readonly name: string;
	/** The program, by its path or as it is found in `PATH`, and its arguments. */
	readonly command: readonly [program: string, ...args: string[]];
	/**
	 * Takes no output at all for an empty file, instead of a failure.
	 *
	 * @defaultValue `false`
	 */
	readonly allowEmpty?: boolean | undefined;
}

/**
 * What is behind an address: all objects below a prefix of a bucket, one object, or what a web server sends.
 *
 * Objects are listed while the archive is made, requested some time before their turn as {@link SourceOptions.readAhead}
 * says, and read in the state in which they were listed: one that was replaced since then fails the archive. Keys become
 * names relative to the prefix, in the order of their bytes, as for a directory on disk. The object that an address without a
 * slash at its end names is meant if there is one, otherwise what is below it.
 *
 * Keys that are no names (`..`, `//`, a leading `/`) are errors, unless a filter or {@link SourceOptions.skipErrors} leaves them out, and
 * so is `a` beside `a/b`. Keys that end in `/` are directories, whose objects have to be empty; the one of the prefix itself adds
 * nothing. Filters are relative to the prefix. Links, marker files and file systems are of disks only.
 *
 * With method `"store"`, an object of 10 MiB or more that lies in the storage the archive is uploaded to is copied by it: only its first
 * 5 MiB come through here, and all of it, once, if the storage does not know its CRC-32. It takes two parts; if there are not enough for
 * all, the largest objects are copied. The bytes of the archive are the same either way.
 *
 * The time of an entry is the one that rclone
 * or s3cmd have kept in the metadata of the object, otherwise that of its `Last-Modified`; its permissions are `0o644`.
 *
 * A web server is asked for the head of the resource when the sources are opened, and for its data when its turn comes. A response that
 * breaks off is continued by a range, if the server knows ranges and an ETag or the time of the last change; otherwise the archive
 * fails, as it does if something else is there by then. Without a time, the entry gets the one at which the sources were given. Requests
 * go through the same proxies as those to buckets, and trust the same `caFile`.
 */
export interface UrlSource {
	/** `s3://bucket/prefix/`, `s3://bucket/key`, `https://…` or `http://…`. */
	readonly url: string | URL;
	/**
	 * Name it gets in the archive, `/`-separated; `""` puts what is below a prefix at the root.
	 *
	 * @defaultValue The last segment of the address; `""` for a prefix that is the only source. A web server may give another file name
	 *   with `Content-Disposition`.
	 */
	readonly as?: string | undefined;
	/**
	 * Path below the address to the prefix that is archived in its place, `/`-separated, without a slash at its end. Filters stay
	 * relative to `url`. For buckets only.
	 *
	 * @defaultValue `url` itself
	 */
	readonly below?: string | undefined;
	/**
	 * How to reach the bucket.
	 *
	 * @defaultValue {@link SourceOptions.sourceStorage}
	 */
	readonly storage?: StorageOptions | undefined;
}

/**
 * Entries of another archive: a file, an object in a bucket, or what a web server sends by ranges. They come in the order of its
 * directory, with their times, permissions, links and comments. `exclude`, `include` and `excludeLargerThan` are applied as for a
 * directory; links are kept, or left out where `symlinks` is `"skip"`.
 *
 * Where the method of an entry is one that the new archive may have, its compressed bytes are copied as they are: deflated ones if the
 * method is `"auto"` or `"deflate"`, stored ones unless it is `"deflate"`. They are decompressed beside that to check their size and
 * CRC-32: broken data fails the archive with `ENTRY_CORRUPT`. An entry that is encrypted, or compressed by another method than DEFLATE,
 * fails it with `ENTRY_UNSUPPORTED`. Both are left out with {@link SourceOptions.skipErrors}, if nothing of them is in the archive yet.
 * An archive that is replaced or written to meanwhile fails it with `SOURCE_CHANGED`.
 */
export interface ArchivedSource {
	/** Path, `s3://bucket/key` or `https://…` of the archive. */
	readonly archive: string | URL;
	/**
	 * Name of an entry in it, or of a directory with all that is below.
	 *
	 * @defaultValue All entries.
	 */
	readonly entry?: string | undefined;
	/**
	 * Name it gets in the new archive; `""` puts the contents of a directory, or all entries, at the root.
	 *
	 * @defaultValue The last segment of `entry`; `""` for all entries.
	 */
	readonly as?: string | undefined;
	/**
	 * How to reach the bucket of the archive.
	 *
	 * @defaultValue {@link SourceOptions.sourceStorage}
	 */
	readonly storage?: StorageOptions | undefined;
}

/** An entry made by the program. */
export interface GeneratedEntry {
	/** `/`-separated and relative; a name that ends in `/` is a directory. */
	readonly name: string;
	/** The data of a file; a directory or a link has none. See {@link Content} for what can be read only once. */
	readonly content?: Content | undefined;
	/** Makes the entry a symbolic link to this target. */
	readonly linkTarget?: string | undefined;
	/**
	 * Bytes of the content, if the content itself has no known size. It lets the size of the archive be planned;
	 * content of another size fails.
	 */
	readonly size?: number | undefined;
	/**
	 * Time of last modification: a `Date`, milliseconds since 1970 as `Date.now()` gives them, or ISO 8601 text,
	 * `2026-01-31` or `2026-01-31T12:00:00Z`, in which a time of day needs a zone. Numbers and text have to be from
	 * 1980 to 2107, so that seconds are not taken for milliseconds. Kept to the second until 2038, then until 2107
	 * to two seconds, in UTC.
	 *
	 * @defaultValue the time at which the sources were given
	 */
	readonly mtime?: Date | number | string | undefined;
	/**
	 * Permission bits.
	 *
	 * @defaultValue `0o644`; `0o755` for a directory, `0o777` for a link
	 */
	readonly mode?: number | undefined;
	/** Comment of the entry, at most 65,535 bytes as UTF-8. */
	readonly comment?: string | undefined;
	/** Overrides the method of the archive. */
	readonly method?: MethodChoice | undefined;
}

/**
 * A source of entries: a path, or an address that begins with `s3://`, `https://` or `http://`; a list of paths, a command, entries of
 * another archive, a generated entry, or an iterable of generated entries, made as they are needed.
 *
 * A stream or iterator of entries is read once, and refused a second time. If somebody else has read from an
 * iterator before, zipferry cannot see it, and archives the rest, which may be nothing.
 */
export type Source =
	| string
	| PathSource
	| PathListSource
	| CommandSource
	| UrlSource
	| ArchivedSource
	| GeneratedEntry
	| Iterable<GeneratedEntry>
	| AsyncIterable<GeneratedEntry>;
