import { table } from "../option.ts";
import { TEMPLATE_OPTIONS } from "./template-options.ts";

/** Answers to the questions of init. */
export const INIT_OPTIONS = table({
	source: {
		group: "Backup",
		kind: "list",
		value: "PATH",
		describe: "Directory or file to back up; may be repeated",
	},
	name: { ...TEMPLATE_OPTIONS.name, describe: "Name of the backup; default: that of the first source" },
	target: {
		group: "Backup",
		kind: "text",
		value: "URL",
		describe:
			"Where archives go: s3://bucket, s3://bucket/folder, or a template such as s3://bucket/{name}/%Y-%m-%d.zip",
	},
	schedule: {
		group: "Backup",
		kind: "text",
		value: "TIME",
		describe: "When to back up: a time of day, or a cron expression; default: 02:30",
	},
	"ping-variable": {
		group: "Backup",
		kind: "text",
		value: "NAME",
		describe: "Environment variable with a URL to call after each run, as of healthchecks.io",
	},
	config: {
		group: "Backup",
		kind: "text",
		value: "FILE",
		describe: "File to write; default: zipferry.config.yaml",
	},
	yes: {
		group: "Backup",
		kind: "flag",
		alias: "y",
		describe: "Ask nothing: take what the options say, and defaults for the rest",
	},
	force: { group: "Backup", kind: "flag", describe: "Replace the file if it exists" },
	"no-doctor": { group: "Backup", kind: "flag", describe: "Do not check the storage afterwards" },
});
