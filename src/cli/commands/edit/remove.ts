import { REMOVE_OPTIONS } from "../../options/edit/edit-options.ts";
import { defineCommand } from "../command.ts";

export const remove = defineCommand({
	name: "remove",
	group: "write",
	summary: "Remove entries from an archive in a bucket",
	description:
		"The storage copies what is left. Patterns are in gitignore syntax, and each has to match something; !PATTERN keeps some of it. The archive has to be one of zipferry's. It is replaced when the new one is complete and was read back: until then, and if anything fails, it stays as it is. A bucket that keeps versions keeps the old one, with what was removed.",
	operands: {
		archive: { shown: "<archive>" },
		pattern: { shown: "<pattern..>", many: true },
	},
	options: REMOVE_OPTIONS,
	common: ["dry-run", "allow-empty", "endpoint-url", "profile", "quiet", "json"],
	examples: [
		["zipferry remove s3://my-bucket/photos.zip '*.raw' drafts/", "files by their ending, and a directory"],
		["zipferry remove --dry-run s3://my-bucket/photos.zip '*.raw'", "show what would be left"],
	],
	success: "removed, and confirmed by the storage",
	exitCodes: [
		[
			"source",
			"the archive does not exist, is not zipferry's, or was replaced meanwhile, or a pattern matches nothing",
		],
		"storage",
		"network",
		["integrity", "the archive is damaged, or the new one was; the old one is there"],
	],
	run: async (given, io) => (await import("./run-remove.ts")).runRemove(given, io),
});
