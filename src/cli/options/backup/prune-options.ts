import { table } from "../option.ts";

/** What is removed besides, and what keeps anything from being removed. */
export const PRUNE_OPTIONS = table({
	"dry-run": {
		group: "Retention",
		kind: "flag",
		describe: "Show every archive and the rule that keeps it; remove nothing",
	},
	"prune-versions": {
		group: "Retention",
		kind: "flag",
		describe:
			"On a bucket that keeps versions, remove the old versions of archives as well, so that their space is free",
	},
	"require-drill": {
		group: "Retention",
		kind: "text",
		value: "SPAN",
		describe:
			"Remove nothing unless a restore drill has proven an archive in this time, such as 30d; the last proven one always stays",
	},
	"lock-wait": {
		group: "Backup",
		kind: "duration",
		default: 0,
		describe: "How long to wait for another run of the same job, such as 10m, before exit code 8",
	},
	"no-lease": {
		group: "Backup",
		kind: "flag",
		describe:
			"Put no object into the bucket that keeps away runs on other machines; those on this one are kept away all the same",
	},
});

/** How archives are listed. */
export const BACKUPS_OPTIONS = table({
	html: {
		group: "Output",
		kind: "text",
		value: "FILE",
		describe:
			"Write a page about the archives to this file, or to stdout for -: sizes over time, days without one, retention, restore drills",
	},
	verbose: {
		group: "Output",
		kind: "flag",
		alias: "v",
		describe: "List objects under keys of the template that are no archives of the job, and why, on stderr",
	},
});
