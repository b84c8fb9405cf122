import { BACKUP_OUTPUT_OPTIONS } from "../../options/backup/backup-options.ts";
import { CONFIG_OPTIONS } from "../../options/backup/config-options.ts";
import { RUN_JOB_OPTIONS } from "../../options/backup/run-options.ts";
import { defineCommand } from "../command.ts";
import { BACKUP_EXITS } from "./backup-exits.ts";

export const run = defineCommand({
	name: "run",
	group: "backup",
	summary: "Run backup jobs of a config file",
	description:
		"Without a name it runs the job of a config that has only one. Several jobs run one after the other; the next one runs also if one fails, and the exit code is that of the worst.",
	operands: { job: { shown: "[job..]", many: true, optional: true } },
	options: { ...CONFIG_OPTIONS, ...RUN_JOB_OPTIONS, ...BACKUP_OUTPUT_OPTIONS },
	common: ["all", "list", "check", "dry-run", "config", "quiet", "verbose", "json"],
	examples: [
		["zipferry run photos", "the job photos of zipferry.config.yaml, here or above"],
		["zipferry run --all --quiet", "all of them, from cron: says nothing unless something is wrong"],
		["zipferry run --list", "which jobs there are"],
		["zipferry run photos --dry-run", "show what it would do"],
	],
	success: "every archive is there and was read back, or nothing has changed",
	exitCodes: BACKUP_EXITS,
	run: async (given, io) => (await import("./run-run.ts")).runRun(given, io),
});
