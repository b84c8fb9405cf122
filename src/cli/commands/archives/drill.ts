import { DRILL_OPTIONS, DRILL_OUTPUT_OPTIONS } from "../../options/backup/drill-options.ts";
import { TEMPLATE_OPTIONS } from "../../options/backup/template-options.ts";
import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { defineCommand } from "../command.ts";

export const drill = defineCommand({
	name: "drill",
	group: "backup",
	summary: "Try to restore the newest backup, and record how that went",
	description:
		"Restores an archive of the template, or a sample of it, into a scratch directory, reads what was written back from the disk, and compares kinds, sizes, times and CRC-32s with the archive. The directory is removed, and the record beside the archive says how it went. If anything differs, that is recorded as well, and the exit code is 7.",
	operands: { template: { shown: "<s3-url-template>" } },
	options: { ...DRILL_OPTIONS, ...TEMPLATE_OPTIONS, ...DRILL_OUTPUT_OPTIONS, ...CONNECT_OPTIONS },
	common: ["sample", "at", "scratch", "name", "endpoint-url", "profile", "quiet", "json"],
	examples: [
		["zipferry drill 's3://b/photos/%Y-%m-%d.zip'", "all of the newest archive"],
		["zipferry drill --sample 5% 's3://b/photos/%Y-%m-%d.zip'", "some of it"],
		["zipferry drill --at 2026-10-01 's3://b/photos/%Y-%m-%d.zip'", "an older one"],
	],
	success: "restored, and all as in the archive",
	exitCodes: [
		["source", "there is no such archive, or the scratch directory cannot be written to"],
		"storage",
		"network",
		["integrity", "something was not restored as it is in the archive"],
	],
	run: async (given, io) => (await import("./run-drill.ts")).runDrillCommand(given, io),
});
