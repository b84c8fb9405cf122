import { KEEP_OPTIONS } from "../../options/backup/keep-options.ts";
import { BACKUPS_OPTIONS } from "../../options/backup/prune-options.ts";
import { TEMPLATE_OPTIONS } from "../../options/backup/template-options.ts";
import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import { defineCommand } from "../command.ts";

export const backups = defineCommand({
	name: "backups",
	group: "backup",
	summary: "List the archives of a backup",
	description:
		"Lists the archives that zipferry backup made with this template, the newest first: how old and how large they are, when they were verified and restored to try, until when the storage holds them. With --keep options, also the rules that keep each one. A narrow terminal shows the most important columns only.",
	operands: { template: { shown: "<s3-url-template>" } },
	options: {
		...KEEP_OPTIONS,
		...TEMPLATE_OPTIONS,
		...BACKUPS_OPTIONS,
		...OUTPUT_OPTIONS,
		...CONNECT_OPTIONS,
	},
	common: [
		"name",
		"keep-daily",
		"keep-weekly",
		"keep-monthly",
		"html",
		"verbose",
		"endpoint-url",
		"profile",
		"json",
	],
	examples: [
		["zipferry backups 's3://my-bucket/photos/%Y-%m-%dT%H-%M-%SZ.zip'", "what is there"],
		["zipferry backups --keep-daily 7 's3://my-bucket/photos/%F.zip'", "and what keeps it"],
		["zipferry backups --html report.html 's3://b/photos/%F.zip'", "as a page, for people"],
		["zipferry backups --json 's3://b/photos/%F.zip' | jq -r '.[0].key'", "the newest, for programs"],
	],
	success: "listed",
	exitCodes: [["source", "the page cannot be written"], "storage", "network"],
	run: async (given, io) => (await import("./run-backups.ts")).runBackups(given, io),
});
