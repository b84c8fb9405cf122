import { table } from "./option.ts";

/** Which archive is read, where its address does not say it. */
export const READER_OPTIONS = table({
	"version-id": {
		group: "Archive",
		kind: "text",
		sets: "versionId",
		describe: "Read this version of an object in a bucket; default: the latest",
	},
});

/** The orders of a list. */
export const SORT_CHOICES = ["none", "name", "size", "time"] as const;

/** How a list looks. */
export const LIST_OPTIONS = table({
	long: {
		group: "Output",
		kind: "flag",
		alias: "l",
		describe: "Show mode, size, compression and time of each entry as well",
	},
	exact: { group: "Output", kind: "flag", describe: "Show sizes in bytes, not in KiB, MiB and GiB" },
	sort: {
		group: "Output",
		kind: "choice",
		choices: SORT_CHOICES,
		default: "none",
		describe:
			"Sort by name, by size (largest first) or by time (newest first); none is the order of the archive, shown while it is read",
	},
	reverse: { group: "Output", kind: "flag", alias: "r", describe: "Turn the order round" },
	json: { group: "Output", kind: "flag", describe: "Print each entry as JSON, one on a line" },
});
