import { INIT_OPTIONS } from "../../../options/backup/init-options.ts";
import { KEEP_OPTIONS } from "../../../options/backup/keep-options.ts";
import { CONNECT_OPTIONS } from "../../../options/connect-options.ts";
import { OUTPUT_OPTIONS } from "../../../options/output-options.ts";
import { defineCommand } from "../../command.ts";

const { quiet, debug } = OUTPUT_OPTIONS;

export const init = defineCommand({
	name: "init",
	group: "backup",
	summary: "Write a config file for backups, and check the storage",
	description:
		"Asks what to back up, where to, when, and for how long to keep it, on a terminal. Every question has an option. Credentials are never written: they come from the environment or from a profile.",
	operands: {},
	options: { ...INIT_OPTIONS, ...KEEP_OPTIONS, ...CONNECT_OPTIONS, quiet, debug },
	common: ["source", "target", "endpoint-url", "name", "schedule", "ping-variable", "config", "yes", "force"],
	examples: [
		["zipferry init", "asks, and writes zipferry.config.yaml"],
		["zipferry init --yes --source ~/photos --target s3://my-bucket", "asks nothing"],
		[
			"zipferry init --yes --source /srv --target s3://my-bucket/web --keep-daily 14 --schedule 03:15",
			"every night",
		],
	],
	success: "the file is written, and nothing failed in the check of the storage",
	exitCodes: [
		["storage", "the file is written, but the storage refuses what backups need"],
		"network",
		"destination",
	],
	run: async (given, io) => (await import("./run-init.ts")).runInit(given, io),
});
