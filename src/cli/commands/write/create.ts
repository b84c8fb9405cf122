import { ARCHIVE_OPTIONS } from "../../options/archive-options.ts";
import { FILE_OPTIONS } from "../../options/file-options.ts";
import { RUN_OPTIONS } from "../../options/output-options.ts";
import { defineCommand } from "../command.ts";

export const create = defineCommand({
	name: "create",
	group: "write",
	summary: "Archive sources into a file or to stdout",
	description:
		"A source is a file, a directory, or name=path to name it in the archive. The archive goes into\na file, or to stdout for -.",
	operands: { source: { shown: "<source..>", many: true }, target: { shown: "<file|->" } },
	options: { ...ARCHIVE_OPTIONS, ...FILE_OPTIONS, ...RUN_OPTIONS },
	examples: [
		["zipferry create ./photos photos.zip", "contents of photos at the root"],
		["zipferry create src docs - | ssh host 'cat > work.zip'", "through a pipe"],
	],
	success: "complete",
	exitCodes: ["incomplete", "source", "destination"],
	run: async (given, io) => (await import("./run-create.ts")).runCreate(given, io),
});
