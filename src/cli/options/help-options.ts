import { table } from "./option.ts";

/** What every command answers instead of running. No variable stands for these. */
export const HELP_OPTIONS = table({
	help: {
		group: "Help",
		kind: "flag",
		alias: "h",
		describe: "Show what most people need (-h), or everything (--help)",
	},
	version: { group: "Help", kind: "flag", describe: "Show the version" },
});
