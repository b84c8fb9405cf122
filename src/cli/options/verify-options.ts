import { defaultOf } from "../../options/field.ts";
import { VERIFY_ARCHIVE_SCHEMA, VERIFY_LEVELS } from "../../verify/options.ts";
import { ARCHIVE_OPTIONS } from "./archive-options.ts";
import { table } from "./option.ts";

/** How much of an archive is checked, and what it is compared with. */
const CHECK_OPTIONS = table({
	level: {
		group: "Archive",
		kind: "choice",
		sets: "level",
		choices: VERIFY_LEVELS,
		default: defaultOf(VERIFY_ARCHIVE_SCHEMA, "level"),
		describe:
			"structure: directory, order of entries, some headers (a few requests); headers: all headers; content: every checksum, which reads the whole archive",
	},
	sample: {
		group: "Archive",
		kind: "share",
		sets: "sample",
		needs: { option: "level", values: ["headers", "content"] },
		describe: "Check headers or content of this share of the entries only, such as 5%",
	},
	seed: {
		group: "Archive",
		kind: "text",
		sets: "seed",
		needs: { option: "sample" },
		describe: "Choose another sample for another text; default: always the same one of an archive",
	},
	against: {
		group: "Archive",
		kind: "text",
		value: "DIRECTORY",
		sets: "against",
		describe:
			"Compare with the directory that was archived: names, sizes, modes, times, links, and with --level content the content",
	},
});

/** Which files of a directory count, as for the archive. */
export const TREE_OPTIONS = table({
	exclude: ARCHIVE_OPTIONS.exclude,
	include: ARCHIVE_OPTIONS.include,
	"exclude-from": ARCHIVE_OPTIONS["exclude-from"],
	"exclude-larger-than": ARCHIVE_OPTIONS["exclude-larger-than"],
	"exclude-caches": ARCHIVE_OPTIONS["exclude-caches"],
	"exclude-if-present": ARCHIVE_OPTIONS["exclude-if-present"],
	"one-file-system": ARCHIVE_OPTIONS["one-file-system"],
	symlinks: ARCHIVE_OPTIONS.symlinks,
});

const needs = { option: "against" } as const;

/** Options of `verify`. */
export const VERIFY_OPTIONS = table({
	...CHECK_OPTIONS,
	exclude: { ...TREE_OPTIONS.exclude, needs },
	include: { ...TREE_OPTIONS.include, needs },
	"exclude-from": { ...TREE_OPTIONS["exclude-from"], needs },
	"exclude-larger-than": { ...TREE_OPTIONS["exclude-larger-than"], needs },
	"exclude-caches": { ...TREE_OPTIONS["exclude-caches"], needs },
	"exclude-if-present": { ...TREE_OPTIONS["exclude-if-present"], needs },
	"one-file-system": { ...TREE_OPTIONS["one-file-system"], needs },
	symlinks: { ...TREE_OPTIONS.symlinks, needs },
});

/** Options of `diff`. */
export const DIFF_OPTIONS = table({
	content: {
		group: "Archive",
		kind: "flag",
		sets: "content",
		describe: "Read the files of a directory and compare their checksums; else the size tells",
	},
	...TREE_OPTIONS,
});
