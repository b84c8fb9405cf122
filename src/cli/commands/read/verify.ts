import { FIND_OPTIONS } from "../../options/backup/find-options.ts";
import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { OUTPUT_OPTIONS, RUN_OPTIONS } from "../../options/output-options.ts";
import { READER_OPTIONS } from "../../options/reader-options.ts";
import { VERIFY_OPTIONS } from "../../options/verify-options.ts";
import { defineCommand } from "../command.ts";

export const verify = defineCommand({
	name: "verify",
	group: "read",
	summary: "Check whether an archive is whole",
	description:
		"Prints a line for all that is damaged, and for all that differs with --against. The archive is a file, an object in a bucket, or a URL; it is not downloaded, but --level content reads it as a whole.",
	operands: { archive: { shown: "<archive>", completes: "files" } },
	options: {
		...VERIFY_OPTIONS,
		...READER_OPTIONS,
		...FIND_OPTIONS,
		...OUTPUT_OPTIONS,
		"no-progress": RUN_OPTIONS["no-progress"],
		...CONNECT_OPTIONS,
	},
	common: ["level", "sample", "against", "exclude", "endpoint-url", "profile", "quiet", "json"],
	examples: [
		["zipferry verify s3://my-bucket/photos.zip", "read it all, compare every checksum"],
		["zipferry verify --level structure s3://my-bucket/photos.zip", "a few requests"],
		["zipferry verify --sample 5% s3://my-bucket/photos.zip", "the content of some entries"],
		["zipferry verify --against ./photos s3://my-bucket/photos.zip", "is everything in it?"],
		["zipferry verify --latest 's3://my-bucket/photos/%F.zip'", "the newest archive of a backup"],
	],
	success: "no damage was found, and no difference",
	exitCodes: [
		["source", "there is no such archive or directory, or a file of it cannot be read"],
		"storage",
		"network",
		["integrity", "the archive is damaged, differs from the directory, or was replaced meanwhile"],
	],
	run: async (given, io) => (await import("./run-verify.ts")).runVerify(given, io),
});
