import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { RUN_OPTIONS } from "../../options/output-options.ts";
import {
	INDEX_OPTIONS,
	SHARD_PACE_OPTIONS,
	SHARD_SOURCE_OPTIONS,
} from "../../options/shards/shards-options.ts";
import { defineCommand } from "../command.ts";
import { PLAN_OPERAND, PLAN_WORDS } from "./plan-operand.ts";

const { "dry-run": _, ...OUTPUT } = RUN_OPTIONS;

export const shardsWork = defineCommand({
	name: "shards work",
	group: "workers",
	summary: "Make shards of an archive that was planned",
	description: `Any machine that reaches the sources and the bucket can make any shard, at any time, also twice: the bytes are the same. A shard that is there already is not made again. ${PLAN_WORDS}`,
	operands: { plan: PLAN_OPERAND },
	options: {
		...INDEX_OPTIONS,
		...OUTPUT,
		...SHARD_SOURCE_OPTIONS,
		...CONNECT_OPTIONS,
		...SHARD_PACE_OPTIONS,
	},
	common: ["index", "concurrency", "bwlimit", "endpoint-url", "profile", "quiet", "json"],
	examples: [
		["zipferry shards work --index 3 plan.json", "one shard"],
		["zipferry shards work --index 0-7 --index 12 plan.json", "several, one after the other"],
		["zipferry shards work plan.json", "in a Kubernetes indexed Job, or an array job of AWS Batch"],
	],
	success: "made, made before, or not needed any more as the archive was finished meanwhile",
	exitCodes: [
		["source", "a source has changed since the plan was made, is gone, or cannot be read"],
		["storage", "the archive was aborted, or the storage refused, or there are no credentials"],
		"network",
		[
			"integrity",
			"the storage holds something else than was sent, or this Node.js compresses in another way than the one that has planned",
		],
	],
	run: async (given, io) => (await import("./run-work.ts")).runWork(given, io),
});
