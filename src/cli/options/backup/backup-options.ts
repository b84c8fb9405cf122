import { table } from "../option.ts";
import { RUN_OPTIONS } from "../output-options.ts";
import { PUT_OPTIONS } from "../put-options.ts";
import { PRUNE_OPTIONS } from "./prune-options.ts";

const { verify, resume: _resume, "no-clobber": _noClobber, ...SENDING } = PUT_OPTIONS;

/** How an archive is sent. Its key is new with each run: there is nothing to resume, and nothing to replace. */
export const BACKUP_PUT_OPTIONS = table({
	...SENDING,
	verify: {
		...verify,
		default: "structure",
		describe:
			"How the archive is read back before anything older may go: structure with a few requests, or all its content; a damaged one is deleted (exit code 7)",
	},
});

/** How a run behaves beside others, and what it tells. */
export const BACKUP_OPTIONS = table({
	"skip-if-unchanged": {
		group: "Backup",
		kind: "flag",
		describe:
			"Upload nothing if names, sizes, times and options are those of the newest archive; older ones are still removed",
	},
	"lock-wait": {
		group: "Backup",
		kind: "duration",
		sets: "lockWait",
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

/** What retention does besides, and what keeps it from removing anything. */
export const RETENTION_OPTIONS = table({
	"prune-versions": PRUNE_OPTIONS["prune-versions"],
	"require-drill": PRUNE_OPTIONS["require-drill"],
});

/** What is printed of runs. */
export const BACKUP_OUTPUT_OPTIONS = table({
	"dry-run": {
		...RUN_OPTIONS["dry-run"],
		describe: "Show the key, what would be archived, and which archives would be removed; change nothing",
	},
	json: { ...RUN_OPTIONS.json, describe: "Print how it went as JSON on stdout" },
	quiet: { ...RUN_OPTIONS.quiet, describe: "Print warnings and errors only: nothing if all is well" },
	verbose: RUN_OPTIONS.verbose,
	"no-progress": RUN_OPTIONS["no-progress"],
	"log-json": {
		group: "Output",
		kind: "flag",
		describe: "Write what happens as lines of JSON on stderr, for a log",
	},
	debug: RUN_OPTIONS.debug,
});
