import type { Batches } from "../async/batches.ts";
import { MiB } from "../bytes/units.ts";
import type { ZipferryEventListener } from "../events.ts";
import type { StorageOptions } from "../s3/options.ts";
import type { LookAhead } from "../zip/blocks/read-blocks.ts";
import type { Entry, MethodChoice } from "../zip/entry.ts";
import type { FilterPatterns } from "./files/filter.ts";
import type { DirectoryMarker } from "./files/markers.ts";
import type { SymlinkPolicy } from "./files/walk.ts";
import type { Content } from "./generated/content.ts";
import type { RangedContent } from "./ranged-content.ts";

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

/** How sources become entries. */
export interface SourceOptions extends FilterPatterns {
	/**
	 * How symbolic links that are found in a directory are archived. A source that is a link itself is always
	 * followed: whoever names `/srv/current` wants the release that it points to, and an archive of nothing but a link
	 * would look like a success.
	 *
	 * - `"store"`: kept as links, with the target they have.
	 * - `"follow"`: replaced by what they point to; a link into a directory it is in is an error.
	 * - `"skip"`: left out.
	 *
	 * @defaultValue `"store"`
	 */
	readonly symlinks?: SymlinkPolicy | undefined;
	/**
	 * Leaves out files that cannot be read, and the contents of directories that cannot be listed, with a warning each,
	 * instead of failing. A storage that cannot be reached still fails the run. The directory itself stays in the archive then. A file that breaks off after
	 * its first bytes are in the archive still fails the run.
	 *
	 * @defaultValue `false`
	 */
	readonly skipErrors?: boolean | undefined;
	/**
	 * Fails with `SOURCE_CHANGED` if a file changes while it is read, instead of warning: no entry can be a mix of
	 * old and new contents.
	 *
	 * @defaultValue `false`
	 */
	readonly strict?: boolean | undefined;
	/**
	 * Changes names that Windows or strict readers refuse, and reports each with a `renamed` event: forbidden
	 * characters, reserved names, dots and spaces at the end, bytes that are not UTF-8. Fails if two names become
	 * the same, or differ only in case or in how an accent is encoded.
	 *
	 * @defaultValue `false`: names are kept byte for byte, and a warning names those that collide
	 */
	readonly portableNames?: boolean | undefined;
	/**
	 * Leaves out files of more than this many bytes that are found in a directory or a list. The size that counts is the
	 * one that the file has when it is found.
	 */
	readonly excludeLargerThan?: number | undefined;
	/**
	 * Leaves out the contents of cache directories: those that have a file `CACHEDIR.TAG` that begins with the
	 * signature of https://bford.info/cachedir/. The directory and its tag stay in the archive.
	 *
	 * @defaultValue `false`
	 */
	readonly excludeCaches?: boolean | undefined;
	/**
	 * Leaves out the contents of directories that have one of these files; the directory and the file stay in the
	 * archive. A source is such a directory as well. A file that cannot be read marks nothing.
	 */
	readonly excludeIfPresent?: readonly DirectoryMarker[] | undefined;
	/**
	 * Stays on the file system of each source: of a directory on another one, such as a mount point, only the directory
	 * itself is archived.
	 *
	 * @defaultValue `false`
	 */
	readonly oneFileSystem?: boolean | undefined;
	/**
	 * Paths of files, and addresses `s3://bucket/key` of objects, that are left out wherever they turn up, such as the archive itself.
	 */
	readonly omit?: readonly string[] | undefined;
	/**
	 * Reads files and directories on local disks with blocking calls: small files always, large ones while they
	 * come from memory. Many small files then take less than half the time, but each call blocks the event loop,
	 * usually for a fraction of a millisecond, or for as long as a busy disk takes. Right for a program that does
	 * nothing else, such as the command; wrong for a server. The archive is the same.
	 *
	 * @defaultValue `false`
	 */
	readonly blockingReads?: boolean | undefined;
	/**
	 * Objects and answers of web servers that are requested before their turn, 1 to 512: what hides the time that each takes to
	 * begin. Does not change the archive.
	 *
	 * @defaultValue `64`
	 */
	readonly readAhead?: number | undefined;
	/**
	 * Bytes that are held of what was requested before its turn; an entry counts with at most 1 MiB of its own.
	 *
	 * @defaultValue 32 MiB
	 */
	readonly readAheadSize?: number | undefined;
	/**
	 * Leaves out objects that are gone when their turn comes, and addresses behind which there is nothing, with a warning each,
	 * instead of failing.
	 *
	 * @defaultValue `false`
	 */
	readonly skipMissing?: boolean | undefined;
	/**
	 * How to reach the buckets of sources.
	 *
	 * @defaultValue as the bucket that is uploaded to; where there is none, as the `AWS_*` variables and profiles say
	 */
	readonly sourceStorage?: StorageOptions | undefined;
	/**
	 * Sets the time of every entry, for archives that depend on contents only; given like the `mtime` of a
	 * {@link GeneratedEntry}.
	 */
	readonly mtime?: Date | number | string | undefined;
	/**
	 * Gives entries with a later time this one, as `SOURCE_DATE_EPOCH` does for the command: whatever was made during a
	 * build has the time of its sources. The library reads no such variable.
	 */
	readonly maxMtime?: Date | number | string | undefined;
}

/**
 * What is left out: an entry; or, of a directory that cannot be listed, its contents, while the directory itself is in
 * the archive; or all there is of such a directory.
 */
export type LeftOut = "entry" | "contents" | "directory";

/** Receives the problems that a source finds. */
export interface SourceReport {
	readonly onEvent: ZipferryEventListener;
	/** Leaves out an entry or directory that cannot be read, or throws: as the options say. */
	readonly onUnreadable: (origin: string, error: unknown, what?: LeftOut) => void;
}

/** For disks, and for what programs generate. */
export const DEFAULT_LOOK_AHEAD: LookAhead = { count: 16, size: 8 * MiB };

/** Entries of one source, with what planning needs to know of them. */
export interface EntrySource {
	/** Whether {@link EntrySource.entries} can be called again and gives the same. */
	readonly repeatable: boolean;
	/** Whether the contents of its entries can be read again as well; streams give theirs only once. */
	readonly rereadable: boolean;
	/** Whether it cannot give the same name twice. */
	readonly distinct: boolean;
	/** How many entries may be opened ahead: the longer it takes to open one, the more. */
	readonly lookAhead: LookAhead;
	/** Whether listing its entries takes requests: planning looks through it only where it has to. */
	readonly remote?: boolean | undefined;
	/** Every name starts with it. */
	readonly namePrefix: string;
	/** Ends what its entries have started, if anything is left of it; called when the archive has ended, well or not. */
	close?(): Promise<void>;
	entries(report: SourceReport): Batches<MeasurableEntry>;
}

/** The facts about a file; `fs.Stats` has them. */
export interface Measures {
	/** Bytes. */
	readonly size: number;
	readonly mtimeMs: number;
	/** Permission bits, and maybe the file type above them. */
	readonly mode?: number;
}

/** The name of an entry, and where it comes from. */
export interface NamedEntry extends Pick<Entry, "name" | "kind" | "origin"> {
	/** The name that its source gives it, if another one was made of it. */
	readonly givenName?: Uint8Array | undefined;
}

/** An entry that can tell its size before it is opened. */
export interface MeasurableEntry extends Entry, NamedEntry {
	/** Looks size and time up; gives `undefined` if the entry has them itself. */
	measure?(): Measures | undefined | Promise<Measures>;
	/**
	 * Looks at the content as it stands, for those who read parts of it: `undefined` if it cannot be read from any byte, or nothing
	 * tells one state of it from another. Not called for directories.
	 */
	ranged?(signal: AbortSignal | undefined): RangedContent | undefined | Promise<RangedContent | undefined>;
}
