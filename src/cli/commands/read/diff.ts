import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import { DIFF_OPTIONS } from "../../options/verify-options.ts";
import { defineCommand } from "../command.ts";

export const diff = defineCommand({
	name: "diff",
	group: "read",
	summary: "Compare two archives, or an archive and a directory",
	description:
		"Prints a line for each entry that was added (+), removed (-) or changed (M). Archives are compared by their directories alone: names, kinds, sizes, checksums, modes and times. With --json each line is an object.",
	operands: {
		before: { shown: "<archive>", completes: "files" },
		after: { shown: "<archive|dir>", completes: "files" },
	},
	options: { ...DIFF_OPTIONS, ...OUTPUT_OPTIONS, ...CONNECT_OPTIONS },
	common: ["content", "exclude", "endpoint-url", "profile", "quiet", "json"],
	examples: [
		["zipferry diff monday.zip tuesday.zip", "what has changed"],
		["zipferry diff s3://my-bucket/photos.zip ./photos", "what has changed since the backup"],
	],
	success: "there is no difference",
	exitCodes: [
		["source", "there is no such archive or directory, or a file of it cannot be read"],
		"storage",
		"network",
		["integrity", "there are differences, or an archive is damaged or was replaced meanwhile"],
	],
	run: async (given, io) => (await import("./run-diff.ts")).runDiff(given, io),
});
