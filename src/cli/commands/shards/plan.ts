import { ARCHIVE_OPTIONS } from "../../options/archive-options.ts";
import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import { PUT_OPTIONS } from "../../options/put-options.ts";
import { PLAN_OPTIONS, SHARD_STORAGE_OPTIONS } from "../../options/shards/shards-options.ts";
import { defineCommand } from "../command.ts";

/** Options of an archive that workers share: names are not changed, and nothing is listed that they cannot open. */
const {
	"files-from": _files,
	"files-from0": _files0,
	"allow-empty": _allowEmpty,
	"portable-names": _portableNames,
	hash: _hash,
	strict: _strict,
	...ARCHIVE
} = ARCHIVE_OPTIONS;

/** Options of the object, and those of its parts that a planner decides. */
const {
	"expected-size": _expectedSize,
	resume: _resume,
	concurrency: _concurrency,
	bwlimit: _bwlimit,
	transport: _transport,
	verify: _verify,
	...PUT
} = PUT_OPTIONS;

export const PLAN_TABLE = {
	...PLAN_OPTIONS,
	...ARCHIVE,
	...SHARD_STORAGE_OPTIONS,
	...OUTPUT_OPTIONS,
	...CONNECT_OPTIONS,
	...PUT,
};

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
		["source", "a source failed, or the plan cannot be written; nothing is left in the storage"],
		"storage",
		"network",
		"destination",
	],
	run: async (given, io) => (await import("./run-plan.ts")).runPlan(given, io),
});
