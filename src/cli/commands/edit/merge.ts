import { MERGE_OPTIONS } from "../../options/edit/edit-options.ts";
import { defineCommand } from "../command.ts";

export const merge = defineCommand({
	name: "merge",
	group: "write",
	summary: "Make one archive of several in a bucket, sending nothing",
	description:
		"The storage copies the entries; they are listed in the order of the archives. All have to be zipferry's, and in the same storage. The target may be one of them; the others stay.",
	operands: {
		archive: { shown: "<archive..>", many: true },
		target: { shown: "<target>" },
	},
	options: MERGE_OPTIONS,
	common: ["dry-run", "replace", "no-clobber", "endpoint-url", "profile", "quiet", "json"],
	examples: [
		["zipferry merge s3://my-bucket/a.zip s3://my-bucket/b.zip s3://my-bucket/both.zip", "a and b in one"],
		[
			"zipferry merge --replace s3://b/all.zip s3://b/today.zip s3://b/all.zip",
			"today into all; today counts",
		],
	],
	success: "merged, and confirmed by the storage",
	exitCodes: [
		["usage", "wrong usage, or several archives have an entry of the same name; nothing was changed"],
		["source", "an archive does not exist, is not zipferry's, or was replaced meanwhile"],
		"storage",
		"network",
		["integrity", "an archive is damaged, or the new one was; the old ones are there"],
		"destination",
	],
	run: async (given, io) => (await import("./run-merge.ts")).runMerge(given, io),
});
