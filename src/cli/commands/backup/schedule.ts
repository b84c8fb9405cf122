import { CONFIG_OPTIONS } from "../../options/backup/config-options.ts";
import { SCHEDULE_OPTIONS } from "../../options/backup/schedule-options.ts";
import { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import { defineCommand } from "../command.ts";

export const schedule = defineCommand({
	name: "schedule",
	group: "backup",
	summary: "Run the jobs of a config when they are due",
	description:
		"Runs every job that has a schedule, or those that are named, in one long-lived process; a job never runs beside itself, and runs that were missed are caught up once. SIGHUP reads the config again; one that is wrong is refused, and the old one goes on. SIGTERM and SIGINT undo what is under way and end the process.",
	operands: { jobs: { shown: "[job..]", many: true, optional: true } },
	options: {
		...CONFIG_OPTIONS,
		...SCHEDULE_OPTIONS,
		json: { ...OUTPUT_OPTIONS.json, describe: "Print what happens as lines of JSON on stdout" },
		quiet: { ...OUTPUT_OPTIONS.quiet, describe: "Tell only what goes wrong" },
		debug: OUTPUT_OPTIONS.debug,
	},
	examples: [
		["zipferry schedule", "all jobs of zipferry.config.yaml that have a schedule"],
		["zipferry schedule --config /etc/zipferry.config.yaml --json", "as a service"],
		["zipferry schedule --health-port 8080 photos", "one job, and somebody may ask how it is doing"],
	],
	success: "stopped by SIGTERM or SIGINT",
	endsOnSignal: true,
	exitCodes: [
		["source", "the state of the schedule cannot be written"],
		["locked", "another process runs this schedule"],
	],
	run: async (given, io) => (await import("./start-schedule.ts")).startSchedule(given, io),
});
