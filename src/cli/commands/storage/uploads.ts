import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import { UPLOADS_OPTIONS } from "../../options/uploads-options.ts";
import { defineCommand } from "../command.ts";

export const uploads = defineCommand({
	name: "uploads",
	group: "storage",
	summary: "List or abort incomplete uploads",
	description:
		"Lists the incomplete uploads of all keys that begin with the key in the address, which may be empty. The column RESUME says whether zipferry upload --resume with the same sources and KEY resumes one.",
	operands: { url: { shown: "<s3-url>" } },
	options: { ...UPLOADS_OPTIONS, ...OUTPUT_OPTIONS, ...CONNECT_OPTIONS },
	common: ["abort", "older-than", "dry-run", "upload-id", "endpoint-url", "profile", "json"],
	examples: [
		["zipferry uploads s3://my-bucket", "list all of a bucket"],
		["zipferry uploads --abort s3://my-bucket/backups/", "remove those idle for a day"],
		["zipferry uploads --abort --older-than 2h --dry-run s3://my-bucket/k.zip", "show what it would remove"],
	],
	success: "listed, or aborted as asked",
	exitCodes: ["storage", "network"],
	run: async (given, io) => (await import("./run-uploads.ts")).runUploads(given, io),
});
