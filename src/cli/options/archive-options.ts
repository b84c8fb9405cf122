import { CREATE_ZIP_SCHEMA, HASH_CHOICES } from "../../archive/options.ts";
import { allowedOf, defaultOf } from "../../options/field.ts";
import { SYMLINK_POLICIES } from "../../sources/files/walk.ts";
import { METHOD_CHOICES } from "../../zip/entry.ts";
import { table } from "./option.ts";

/** Which files go into an archive, and how it is made. */
export const ARCHIVE_OPTIONS = table({
	exclude: {
		group: "Sources",
		kind: "list",
		describe: "Leave out files that match a pattern in gitignore syntax; may be repeated",
	},
	include: {
		group: "Sources",
		kind: "list",
		sets: "include",
		describe: "Take only files that match a pattern in gitignore syntax; may be repeated",
	},
	"exclude-from": {
		group: "Sources",
		kind: "list",
		describe: "Read exclude patterns from a file, or from stdin for -, one per line; may be repeated",
	},
	symlinks: {
		group: "Sources",
		kind: "choice",
		sets: "symlinks",
		choices: SYMLINK_POLICIES,
		default: defaultOf(CREATE_ZIP_SCHEMA, "symlinks"),
		describe: "Keep symbolic links as links, archive what they point to, or leave them out",
	},
	"skip-errors": {
		group: "Sources",
		kind: "flag",
		sets: "skipErrors",
		describe: "Leave out files that cannot be read, and exit with code 3 instead of failing",
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
		describe: "Compress data that gets smaller, nothing, or everything",
	},
	level: {
		group: "Archive",
		kind: "number",
		sets: "level",
		allowed: allowedOf(CREATE_ZIP_SCHEMA.fields.level),
		needs: { option: "method", values: ["auto", "deflate"] },
		default: defaultOf(CREATE_ZIP_SCHEMA, "level"),
		describe: "DEFLATE effort, 1 (fastest) to 9 (smallest)",
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
