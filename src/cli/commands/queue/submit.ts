import { defineCommand } from "../command.ts";
import { SUBMIT_TABLE } from "./submit-table.ts";

export const submit = defineCommand({
	name: "submit",
	group: "workers",
	summary: "Put an archive into a queue, for many workers",
	description:
		"Plans an archive and puts its shards into a queue on Redis or Valkey (BullMQ: npm install bullmq ioredis), where zipferry worker takes them. Sources are what all workers reach: s3://bucket/prefix/, https://…, and files at the same path on all machines. It prints the id of the archive, for zipferry status and zipferry cancel; with --json, the whole plan. If it fails later, the shards that are made are kept for --resume.",
	operands: {
		source: { shown: "<source..>", many: true, orOptions: ["entries", "resume"], completes: "files" },
		url: { shown: "<s3-url>", shownWith: { resume: "<plan>" } },
	},
	options: SUBMIT_TABLE,
	common: [
		"redis",
		"wait",
		"resume",
		"workers",
		"exclude",
		"no-clobber",
		"endpoint-url",
		"profile",
		"quiet",
		"json",
	],
	examples: [
		[
			"zipferry submit s3://photos/2026/ s3://archives/2026.zip --redis redis://127.0.0.1:6379",
			"what is below a prefix",
		],
		[
			"zipferry submit --wait --workers 8 /mnt/shared/data s3://archives/data.zip --redis redis://127.0.0.1",
			"a directory that all workers see, for eight of them; wait until it is there",
		],
		[
			"zipferry submit --resume plan.json --redis redis://127.0.0.1",
			"after a failure: only what is missing; plan.json is what submit --json has printed",
		],
	],
	success: "in the queue; with --wait, complete and confirmed by the storage",
	exitCodes: [
		"incomplete",
		["source", "a source failed, or has changed since it was planned; nothing was published"],
		["storage", "the storage or the queue refused, or the archive was cancelled"],
		["network", "the storage or the queue cannot be reached"],
		"integrity",
		"destination",
	],
	run: async (given, io) => (await import("./run-submit.ts")).runSubmit(given, io),
});
