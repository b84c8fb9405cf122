import { table } from "./option.ts";

/** Options of every command. */
export const OUTPUT_OPTIONS = table({
	json: { group: "Output", kind: "flag", describe: "Print the result, or the error, as JSON on stdout" },
	quiet: { group: "Output", kind: "flag", alias: "q", describe: "Print warnings and errors only" },
	debug: {
		group: "Output",
		kind: "flag",
		describe: "Print each request to the storage, and the stack trace of an error",
	},
});

/** Further options of commands that make an archive. */
export const RUN_OPTIONS = table({
	"dry-run": {
		group: "Output",
		kind: "flag",
		describe: "Show what would be archived and how large it can get; send and write nothing",
	},
	json: OUTPUT_OPTIONS.json,
	quiet: OUTPUT_OPTIONS.quiet,
	verbose: {
		group: "Output",
		kind: "flag",
		alias: "v",
		describe: "List each entry on stderr: added, left out and why, renamed",
	},
	"no-progress": {
		group: "Output",
		kind: "flag",
		describe: "Show no progress on stderr (a bar on a terminal, a line every 5 s elsewhere)",
	},
	debug: OUTPUT_OPTIONS.debug,
});
