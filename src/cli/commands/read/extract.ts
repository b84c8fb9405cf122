import { FIND_OPTIONS } from "../../options/backup/find-options.ts";
import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { EXTRACT_OPTIONS, EXTRACT_RUN_OPTIONS } from "../../options/extract-options.ts";
import { READER_OPTIONS } from "../../options/reader-options.ts";
import { defineCommand } from "../command.ts";

export const extract = defineCommand({
	name: "extract",
	group: "read",
	summary: "Extract all or some of an archive",
	description:
		"The archive is a file, s3://bucket/key, or a URL; only what is needed of it is fetched. Patterns are in gitignore syntax, and each has to match something. To extract into a bucket, give s3://bucket/prefix/ behind the archive. Nothing is written before the whole archive has been looked through.",
	operands: {
		archive: { shown: "<archive>", completes: "files" },
		pattern: { shown: "[pattern..]", many: true, optional: true },
	},
	options: {
		...EXTRACT_OPTIONS,
		...EXTRACT_RUN_OPTIONS,
		...READER_OPTIONS,
		...FIND_OPTIONS,
		...CONNECT_OPTIONS,
	},
	common: [
		"directory",
		"dry-run",
		"overwrite",
		"resume",
		"strip-components",
		"preserve-modes",
		"endpoint-url",
		"profile",
		"quiet",
		"json",
	],
	examples: [
		["zipferry extract photos.zip -C restored", "into a directory"],
		["zipferry extract s3://b/photos.zip 2026/ '*.txt' -C restored", "some of it, from a bucket"],
		["zipferry extract s3://b/photos.zip s3://b/restored/", "from bucket to bucket"],
		["zipferry extract --at 2026-10-01 's3://b/photos/%F.zip' -C restored", "as of that day"],
	],
	success: "extracted, all of it",
	exitCodes: [
		["incomplete", "extracted, except for what the target cannot have, such as devices"],
		["source", "there is no such archive or entry, or the target cannot be written to"],
		"storage",
		"network",
		["integrity", "the archive is damaged, unsafe, or was replaced while it was read"],
		["destination", "something is there already; nothing was written"],
	],
	run: async (given, io) => (await import("./run-extract.ts")).runExtract(given, io),
});
