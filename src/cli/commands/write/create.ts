import { ARCHIVE_OPTIONS, SOURCE_OPTIONS } from "../../options/archive-options.ts";
import { COMMAND_OPERAND, COMMAND_OPTIONS } from "../../options/command-options.ts";
import { FILE_OPTIONS } from "../../options/file-options.ts";
import { RUN_OPTIONS } from "../../options/output-options.ts";
import { REMOTE_OPTIONS } from "../../options/sources/remote-options.ts";
import { defineCommand } from "../command.ts";

export const create = defineCommand({
	name: "create",
	group: "write",
	summary: "Archive sources into a file or to stdout",
	description:
		"A source is a file, a directory, s3://bucket/prefix/, https://…, an entry of an archive (old.zip!/docs), or any of these behind a name in the archive, as name=path. name=- is stdin; a FIFO is read as well. The archive goes into a file, or to stdout for -.",
	operands: {
		source: { shown: "<source..>", many: true, orOptions: SOURCE_OPTIONS, completes: "files" },
		target: { shown: "<file|->", completes: "files" },
		command: COMMAND_OPERAND,
	},
	options: { ...ARCHIVE_OPTIONS, ...REMOTE_OPTIONS, ...COMMAND_OPTIONS, ...FILE_OPTIONS, ...RUN_OPTIONS },
	common: [
		"dry-run",
		"exclude",
		"exclude-from",
		"skip-errors",
		"no-clobber",
		"symlinks",
		"method",
		"mtime",
		"quiet",
		"json",
	],
	examples: [
		["zipferry create ./photos photos.zip", "contents of photos at the root"],
		["zipferry create s3://my-bucket/photos/ photos.zip", "what is below a prefix of a bucket"],
		["zipferry create src docs - | ssh host 'cat > work.zip'", "through a pipe"],
	],
	success: "complete",
	exitCodes: [
		"incomplete",
		["source", "a source failed, or the file cannot be written; nothing was published"],
		["storage", "the storage of a source refused, or there are no credentials"],
		"network",
		["integrity", "an archive among the sources is damaged"],
		"destination",
	],
	run: async (given, io) => (await import("./run-create.ts")).runCreate(given, io),
});
