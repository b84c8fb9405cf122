import { FIND_OPTIONS } from "../../options/backup/find-options.ts";
import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import { READER_OPTIONS } from "../../options/reader-options.ts";
import { defineCommand } from "../command.ts";

const { quiet, debug } = OUTPUT_OPTIONS;

export const cat = defineCommand({
	name: "cat",
	group: "read",
	summary: "Write entries of an archive to stdout",
	description:
		"Only these entries are read, one after the other. What was written is right if the exit code is 0: a checksum can be compared only when all of an entry has been read. A symbolic link gives the path it leads to.",
	operands: {
		archive: { shown: "<archive>", completes: "files" },
		entry: { shown: "<entry..>", many: true },
	},
	options: { quiet, debug, ...READER_OPTIONS, ...FIND_OPTIONS, ...CONNECT_OPTIONS },
	common: ["endpoint-url", "region", "profile", "version-id", "quiet", "debug"],
	examples: [
		["zipferry cat s3://my-bucket/backup.zip etc/hosts", "show a file"],
		["zipferry cat s3://my-bucket/db.zip shop.sql | psql shop", "give it to a program"],
	],
	success: "written, and the checksums are right",
	exitCodes: [
		["source", "there is no such archive, or no such entry in it"],
		"storage",
		"network",
		["integrity", "the archive or an entry is damaged, or the archive was replaced while it was read"],
	],
	run: async (given, io) => (await import("./run-cat.ts")).runCat(given, io),
});
