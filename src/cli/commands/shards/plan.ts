import { PLAN_TABLE } from "../../options/shards/plan-table.ts";
import { defineCommand } from "../command.ts";

export const shardsPlan = defineCommand({
	name: "shards plan",
	group: "workers",
	summary: "Plan an archive that many workers make",
	description:
		"Lists the sources, divides them into shards, and begins the upload. Nothing of their contents is read. Sources are what every worker reaches in the same way: directories of a shared file system, s3://bucket/prefix/, https://…, or any of these behind a name in the archive, as name=path. Whoever has the plan can make a shard, or finish the archive; it holds no credentials.",
	operands: {
		source: { shown: "<source..>", many: true, orOptions: ["entries"], completes: "files" },
		url: { shown: "<s3-url>" },
	},
	options: PLAN_TABLE,
	common: [
		"workers",
		"plan",
		"exclude",
		"method",
		"no-clobber",
		"endpoint-url",
		"profile",
		"provider",
		"quiet",
		"json",
	],
	examples: [
		[
			"zipferry shards plan --workers 8 --plan plan.json s3://photos/2026/ s3://archives/2026.zip",
			"objects of a bucket, for 8 workers",
		],
		[
			"zipferry shards plan --json /mnt/shared/data s3://archives/data.zip > plan.json",
			"a shared file system",
		],
		["zipferry shards plan --entries list.jsonl --plan plan.json s3://archives/all.zip", "what a file lists"],
	],
	success: "planned: the upload is open, and shards can be made",
	exitCodes: [
		["incomplete", "planned, but some sources could not be listed (only with --skip-errors)"],
		[
			"source",
			"a source failed, or the plan cannot be written; the storage then has nothing of it, or the line says what",
		],
		"storage",
		"network",
		"destination",
	],
	run: async (given, io) => (await import("./run-plan.ts")).runPlan(given, io),
});
