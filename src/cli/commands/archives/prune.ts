import { KEEP_OPTIONS } from "../../options/backup/keep-options.ts";
import { PRUNE_OPTIONS } from "../../options/backup/prune-options.ts";
import { TEMPLATE_OPTIONS } from "../../options/backup/template-options.ts";
import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import { defineCommand } from "../command.ts";

export const prune = defineCommand({
	name: "prune",
	group: "backup",
	summary: "Remove the archives of a backup that no rule keeps",
	description:
		"Only archives that zipferry backup made with this very template are removed, never the newest, and none that the storage holds. An archive that was never verified takes no place in the rules. Objects that something else has put under the same keys are left alone.",
	operands: { template: { shown: "<s3-url-template>" } },
	options: { ...KEEP_OPTIONS, ...PRUNE_OPTIONS, ...TEMPLATE_OPTIONS, ...OUTPUT_OPTIONS, ...CONNECT_OPTIONS },
	common: [
		"keep-last",
		"keep-hourly",
		"keep-daily",
		"keep-weekly",
		"keep-monthly",
		"keep-yearly",
		"dry-run",
		"name",
		"endpoint-url",
		"json",
	],
	examples: [
		["zipferry prune --keep-daily 7 --dry-run 's3://b/photos/%F.zip'", "show what would go"],
		["zipferry prune --keep-daily 7 --keep-monthly 12 's3://b/photos/%F.zip'", "remove the others"],
	],
	success: "all that no rule keeps is removed, but for what the storage holds",
	exitCodes: [
		["storage", "the storage refused; what was removed before is listed"],
		"network",
		["integrity", "--require-drill: no drill has proven an archive in that time, and nothing was removed"],
		"locked",
	],
	run: async (given, io) => (await import("./run-prune.ts")).runPrune(given, io),
});
