import { manifestKey } from "./shard-keys.ts";
import type { ShardPlan } from "./shard-plan.ts";
import { ShardsError } from "./shards-error.ts";

/** There is no manifest: nothing can be made, or finished. */
export function noManifest(plan: Pick<ShardPlan, "bucket" | "key" | "id">): ShardsError {
	const { bucket, key, id } = plan;
	const problem = `s3://${bucket}/${key} has no shards to work on: there is no s3://${bucket}/${manifestKey(plan)}, so the archive was finished or aborted, or this is not the storage that it was planned in`;
	return new ShardsError("SHARDS_OVER", problem, { plan: id });
}

/** The manifest is there, and the upload is not: nothing can be finished, and nothing made for it. */
export function uploadGone({ bucket, key, id, uploadId }: ShardPlan): ShardsError {
	const problem = `s3://${bucket}/${key} cannot be finished: its upload ${uploadId} is gone, aborted by somebody or by a lifecycle rule for incomplete uploads; abort it to remove what is left, and plan it again`;
	return new ShardsError("SHARDS_OVER", problem, { plan: id });
}
