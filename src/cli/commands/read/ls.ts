import { FIND_OPTIONS } from "../../options/backup/find-options.ts";
import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import { LIST_OPTIONS, READER_OPTIONS } from "../../options/reader-options.ts";
import { defineCommand } from "../command.ts";

const { quiet, debug } = OUTPUT_OPTIONS;

export const ls = defineCommand({
	name: "ls",
	group: "read",
	summary: "List the entries of an archive without downloading it",
	description:
		"An archive is s3://bucket/key, a file, or the URL of a server that answers ranges. Only its directory is read. A pattern is in gitignore syntax; a pattern that matches nothing is an error.",
	operands: {
		archive: { shown: "<archive>", completes: "files" },
		pattern: { shown: "[pattern..]", many: true, optional: true },
	},
	options: { ...LIST_OPTIONS, quiet, debug, ...READER_OPTIONS, ...FIND_OPTIONS, ...CONNECT_OPTIONS },
	common: ["long", "exact", "sort", "reverse", "json", "endpoint-url", "profile", "version-id", "quiet"],
	examples: [
		["zipferry ls s3://my-bucket/photos.zip", "names, one on a line"],
		["zipferry ls -l photos.zip '*.jpg' --sort size", "the largest pictures first"],
		["zipferry ls --json s3://my-bucket/photos.zip | jq .name", "for programs"],
	],
	success: "listed",
	exitCodes: [
		["source", "there is no such archive, or no entry that a pattern matches"],
		"storage",
		"network",
		["integrity", "it is no ZIP archive, is damaged, or was replaced while it was read"],
	],
	run: async (given, io) => (await import("./run-ls.ts")).runLs(given, io),
});
