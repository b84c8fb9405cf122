import { table } from "../option.ts";
import { PUT_OPTIONS } from "../put-options.ts";
import { REMOTE_OPTIONS } from "../sources/remote-options.ts";

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

const { "skip-missing": _, ...SHARD_SOURCE_OPTIONS } = REMOTE_OPTIONS;

/** Where sources in buckets are, for whoever makes shards. */
export { SHARD_SOURCE_OPTIONS };
