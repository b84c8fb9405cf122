import { MiB } from "../../../bytes/units.ts";
import { allowedOf, defaultOf } from "../../../options/field.ts";
import { PLAN_SHARDS_SCHEMA } from "../../../shards/plan/options.ts";
import { table } from "../option.ts";
import { PUT_OPTIONS } from "../put-options.ts";
import { REMOTE_OPTIONS } from "../sources/remote-options.ts";

/** How an archive is divided among workers, and where that is written. */
export const PLAN_OPTIONS = table({
	entries: {
		group: "Shards",
		kind: "text",
		value: "FILE",
		describe:
			'Archive what a file lists, instead of sources: on each line {"name": …, "source": …}, sorted by the bytes of names; a source is a path, s3://bucket/key or https://…',
	},
	workers: {
		group: "Shards",
		kind: "number",
		sets: "workers",
		allowed: allowedOf(PLAN_SHARDS_SCHEMA.fields.workers),
		default: defaultOf(PLAN_SHARDS_SCHEMA, "workers"),
		describe: "Workers that are to share the work; several shards are planned for each",
	},
	"max-entries": {
		group: "Shards",
		kind: "number",
		sets: "maxEntries",
		allowed: allowedOf(PLAN_SHARDS_SCHEMA.fields.maxEntries),
		describe: "Entries of a shard at most; default: 100,000",
	},
	"max-bytes": {
		group: "Shards",
		kind: "size",
		sets: "maxBytes",
		leastPlain: MiB,
		describe: "Size of the files of a shard at most, but for a single file that is larger; default: 16G",
	},
	plan: {
		group: "Shards",
		kind: "text",
		value: "FILE",
		describe: "Write the plan into this file, which says what zipferry shards plan --json prints",
	},
});

/** Which shards a worker makes. */
export const INDEX_OPTIONS = table({
	index: {
		group: "Shards",
		kind: "list",
		value: "N",
		describe:
			"Make this shard, counted from 0, or several, as in 3-7 or 2,5-7; may be repeated; default: JOB_COMPLETION_INDEX (Kubernetes) or AWS_BATCH_JOB_ARRAY_INDEX",
	},
});

/** What finishing may do beside that. */
export const FINISH_OPTIONS = table({
	"make-missing": {
		group: "Shards",
		kind: "flag",
		sets: "makeMissing",
		describe: "Make shards here that nobody has made yet, instead of failing with exit code 5",
	},
});

/** How parts of shards are sent. */
export const SHARD_PACE_OPTIONS = table({
	concurrency: PUT_OPTIONS.concurrency,
	bwlimit: PUT_OPTIONS.bwlimit,
});

const {
	"skip-missing": _skipMissing,
	"read-ahead": readAhead,
	"read-ahead-size": readAheadSize,
	...SHARD_STORAGE_OPTIONS
} = REMOTE_OPTIONS;

/** Where sources in buckets are. */
export { SHARD_STORAGE_OPTIONS };

/** The same for whoever makes shards, and how their sources are read. */
export const SHARD_SOURCE_OPTIONS = table({
	"read-ahead": readAhead,
	"read-ahead-size": readAheadSize,
	...SHARD_STORAGE_OPTIONS,
});
