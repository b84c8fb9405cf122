import { CREATE_ZIP_SCHEMA, HASH_CHOICES } from "../../archive/options.ts";
import { allowedOf, defaultOf } from "../../options/field.ts";
import { SYMLINK_POLICIES } from "../../sources/files/walk.ts";
import { METHOD_CHOICES } from "../../zip/entry.ts";
import { COMMAND_FLAG } from "./command-options.ts";
import { table } from "./option.ts";

/** Options that name sources. */
export const SOURCE_OPTIONS = ["files-from", "files-from0", COMMAND_FLAG] as const;

/** Which files go into an archive, and how it is made. */
export const ARCHIVE_OPTIONS = table({
	exclude: {
		group: "Sources",
		kind: "list",
		value: "PATTERN",
		describe: "Leave out files that match a pattern in gitignore syntax; may be repeated",
	},
	include: {
		group: "Sources",
		kind: "list",
		value: "PATTERN",
		sets: "include",
		describe: "Take only files that match a pattern in gitignore syntax; may be repeated",
	},
	"exclude-from": {
		group: "Sources",
		kind: "list",
		value: "FILE",
		describe: "Read exclude patterns from a file, or from stdin for -, one per line; may be repeated",
	},
	"files-from": {
		group: "Sources",
		kind: "list",
		value: "FILE",
		describe:
			"Archive the paths listed in a file, one per line, or in stdin for -; each is named by its path; may be repeated",
	},
	"files-from0": {
		group: "Sources",
		kind: "list",
		value: "FILE",
		describe:
			"Archive the paths listed in a file, or in stdin for -, each ended by a NUL character, as find -print0 does; may be repeated",
	},
	"exclude-larger-than": {
		group: "Sources",
		kind: "size",
		leastPlain: 0,
		sets: "excludeLargerThan",
		describe: "Leave out files of more than this size, such as 1G",
	},
	"exclude-caches": {
		group: "Sources",
		kind: "flag",
		sets: "excludeCaches",
		describe: "Leave out the contents of cache directories, which have a CACHEDIR.TAG",
	},
	"exclude-if-present": {
		group: "Sources",
		kind: "list",
		value: "FILE",
		sets: "excludeIfPresent",
		describe:
			"Leave out the contents of directories that have this file (FILE, or FILE:START if it has to begin with START); may be repeated",
	},
	"one-file-system": {
		group: "Sources",
		kind: "flag",
		sets: "oneFileSystem",
		describe: "Archive directories on other file systems without their contents",
	},
	symlinks: {
		group: "Sources",
		kind: "choice",
		sets: "symlinks",
		choices: SYMLINK_POLICIES,
		default: defaultOf(CREATE_ZIP_SCHEMA, "symlinks"),
		describe:
			"Keep symbolic links as links, archive what they point to, or leave them out; a source that is a link itself is always followed",
	},
	"skip-errors": {
		group: "Sources",
		kind: "flag",
		sets: "skipErrors",
		describe:
			"Leave out files, and contents of directories, that cannot be read, and exit with code 3 instead of failing",
	},
	strict: {
		group: "Sources",
		kind: "flag",
		sets: "strict",
		describe: "Fail with exit code 4 if a file changes while it is read, instead of warning",
	},
	"allow-empty": {
		group: "Sources",
		kind: "flag",
		sets: "allowEmpty",
		describe: "Make an archive even if it has no entries",
	},
	"portable-names": {
		group: "Archive",
		kind: "flag",
		sets: "portableNames",
		describe: "Change names that Windows or strict readers refuse, and report each change",
	},
	method: {
		group: "Archive",
		kind: "choice",
		sets: "method",
		choices: METHOD_CHOICES,
		default: defaultOf(CREATE_ZIP_SCHEMA, "method"),
		describe:
			"Compress data that gets smaller, nothing, or everything; wrap: nothing, and still readable as a stream; zstd: faster and smaller, for those who can open it",
	},
	level: {
		group: "Archive",
		kind: "number",
		sets: "level",
		allowed: allowedOf(CREATE_ZIP_SCHEMA.fields.level),
		needs: { option: "method", values: ["auto", "deflate", "zstd"] },
		describe: "Effort, 1 (fastest) to 9 (smallest), 6 by default; with zstd 1 to 19, and 2 by default",
	},
	hash: {
		group: "Archive",
		kind: "choice",
		sets: "hash",
		choices: HASH_CHOICES,
		default: defaultOf(CREATE_ZIP_SCHEMA, "hash"),
		describe: "Report this hash of the whole archive",
	},
	comment: { group: "Archive", kind: "text", sets: "comment", describe: "Comment of the archive" },
	mtime: {
		group: "Archive",
		kind: "date",
		sets: "mtime",
		describe:
			"Give every entry this time, 1980 to 2107: 2026-01-31T12:00:00Z, 2026-01-31, or seconds since 1970",
	},
});
