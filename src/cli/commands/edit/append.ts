import { SOURCE_OPTIONS } from "../../options/archive-options.ts";
import { COMMAND_OPERAND } from "../../options/command-options.ts";
import { APPEND_OPTIONS } from "../../options/edit/edit-options.ts";
import { defineCommand } from "../command.ts";

export const append = defineCommand({
	name: "append",
	group: "write",
	summary: "Add entries to an archive in a bucket, sending only these",
	description:
		"The storage copies what the archive has; only what is new travels. A source is what it is for zipferry upload. The archive has to be one of zipferry's. It is replaced when the new one is complete and was read back: until then, and if anything fails, it stays as it is.",
	operands: {
		archive: { shown: "<archive>" },
		source: { shown: "<source..>", many: true, orOptions: SOURCE_OPTIONS, completes: "files" },
		command: COMMAND_OPERAND,
	},
	options: APPEND_OPTIONS,
	common: ["dry-run", "replace", "exclude", "allow-empty", "endpoint-url", "profile", "quiet", "json"],
	examples: [
		["zipferry append s3://my-bucket/logs.zip today.log", "one more file"],
		[
			"zipferry append --replace s3://my-bucket/site.zip ./public",
			"newer files take the place of older ones",
		],
		[
			"zipferry append s3://my-bucket/all.zip old=s3://my-bucket/foreign.zip!/",
			"all of an archive of another program",
		],
	],
	success: "added, and confirmed by the storage",
	exitCodes: [
		["usage", "wrong usage, or the archive has an entry of the same name; nothing was changed"],
		"incomplete",
		[
			"source",
			"a source failed, or the archive does not exist, is not zipferry's, or was replaced meanwhile",
		],
		"storage",
		"network",
		["integrity", "the archive is damaged, or the new one was; the old one is there"],
	],
	run: async (given, io) => (await import("./run-append.ts")).runAppend(given, io),
});
