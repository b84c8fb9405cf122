import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import { defineCommand } from "../command.ts";

export const doctor = defineCommand({
	name: "doctor",
	group: "storage",
	summary: "Check that a bucket allows what uploads need",
	description:
		"Tries every operation on a throw-away object whose key begins with the key in the address, and removes it.",
	operands: { url: { shown: "<s3-url>" } },
	options: { ...OUTPUT_OPTIONS, ...CONNECT_OPTIONS },
	common: ["endpoint-url", "profile", "region", "provider", "json"],
	examples: [
		["zipferry doctor s3://my-bucket", "with keys like zipferry-doctor-3f9c…"],
		["zipferry doctor s3://my-bucket/backups/", "where credentials may only write there"],
	],
	success: "nothing failed",
	exitCodes: ["storage", "network"],
	run: async (given, io) => (await import("./run-doctor.ts")).runDoctor(given, io),
});
