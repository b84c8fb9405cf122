import { table } from "../option.ts";
import { OUTPUT_OPTIONS, RUN_OPTIONS } from "../output-options.ts";
import { TELL_OPTIONS } from "./tell-options.ts";

/** How much of an archive a drill restores, and where to. */
export const DRILL_OPTIONS = table({
	at: {
		group: "Backup",
		kind: "text",
		value: "TIME",
		describe:
			"Restore the newest archive of this day or time or before, such as 2026-10-01; default: the newest",
	},
	sample: {
		group: "Backup",
		kind: "share",
		describe: "Restore this share of the entries only, such as 5%, at least 16; default: all of them",
	},
	seed: {
		group: "Backup",
		kind: "text",
		needs: { option: "sample" },
		describe:
			"Choose the sample by this text, as an earlier drill has printed it; default: another one each time",
	},
	scratch: {
		group: "Backup",
		kind: "text",
		value: "DIRECTORY",
		describe:
			"Restore into a new directory in this one, which is removed at the end; default: that for temporary files",
	},
	"metrics-file": TELL_OPTIONS["metrics-file"],
});

/** What a drill tells. */
export const DRILL_OUTPUT_OPTIONS = table({
	json: OUTPUT_OPTIONS.json,
	quiet: OUTPUT_OPTIONS.quiet,
	"no-progress": RUN_OPTIONS["no-progress"],
	debug: OUTPUT_OPTIONS.debug,
});
