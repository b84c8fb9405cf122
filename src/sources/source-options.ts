import type { StorageOptions } from "../s3/options.ts";
import type { FilterPatterns } from "./files/filter.ts";
import type { DirectoryMarker } from "./files/markers.ts";
import type { SymlinkPolicy } from "./files/walk.ts";

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
	 * @defaultValue `48`
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
