import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import {
	FINISH_OPTIONS,
	SHARD_PACE_OPTIONS,
	SHARD_SOURCE_OPTIONS,
} from "../../options/shards/shards-options.ts";
import { defineCommand } from "../command.ts";
import { PLAN_OPERAND, PLAN_WORDS } from "./plan-operand.ts";

export const shardsFinish = defineCommand({
	name: "shards finish",
	group: "workers",
	summary: "Make an archive of shards that are made",
	description: `Checks that every part is what its worker has sent, makes those shards again where it is not, and publishes the archive: all of it, or nothing. It may run again, and twice at once. If it fails, what was uploaded is kept for the next try. ${PLAN_WORDS}`,
	operands: { plan: PLAN_OPERAND },
	options: {
		...FINISH_OPTIONS,
		...OUTPUT_OPTIONS,
		...SHARD_SOURCE_OPTIONS,
		...CONNECT_OPTIONS,
		...SHARD_PACE_OPTIONS,
	},
	common: ["make-missing", "endpoint-url", "profile", "quiet", "json"],
	examples: [
		["zipferry shards finish plan.json", "publish it"],
		["zipferry shards finish --make-missing plan.json", "and make here what no worker has made"],
	],
	success: "complete, and confirmed by the storage; also if it was before",
	exitCodes: [
		["source", "a source of a shard that had to be made again has changed, or cannot be read"],
		[
			"storage",
			"shards are missing, the archive was aborted, or the storage refused, or there are no credentials",
		],
		"network",
		"integrity",
		"destination",
	],
	run: async (given, io) => (await import("./run-finish.ts")).runFinish(given, io),
});
