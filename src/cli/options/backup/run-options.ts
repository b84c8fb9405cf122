import { table } from "../option.ts";

/** Which jobs of a config are run, or only looked at. */
export const RUN_JOB_OPTIONS = table({
	all: {
		group: "Backup",
		kind: "flag",
		describe: "Run all jobs, one after the other, also if one fails; exit with the worst code",
	},
	list: { group: "Backup", kind: "flag", describe: "Print the jobs of the config, and run none" },
	check: { group: "Backup", kind: "flag", describe: "Check the config, and run nothing" },
});
