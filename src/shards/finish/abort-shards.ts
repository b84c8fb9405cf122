import { StorageError } from "../../errors.ts";
import { resolveOptions } from "../../options/resolve-options.ts";
import { abortUpload } from "../../storage/incomplete/abort-upload.ts";
import { removeHelpers } from "../helper-objects.ts";
import { SHARDS_SCHEMA, type ShardsOptions } from "../options.ts";
import { type PlanStorage, withPlanStorage } from "../plan-storage.ts";
import type { ShardPlan } from "../shard-plan.ts";
import { findFinished } from "./find-finished.ts";
import { uploadedParts } from "./shard-states.ts";

/** What {@link abortShards} has found, and removed. */
export interface AbortedShards {
	/** Of the archive. */
	readonly bucket: string;
	/** Of the archive. */
	readonly key: string;
	/** There was an upload, and it is gone now with all its parts. */
	readonly aborted: boolean;
	/** The archive had been finished, and stays. */
	readonly complete: boolean;
	/** Helper objects that were removed. */
	readonly removedCount: number;
}

/**
 * Gives up an archive of shards: removes all that planners and workers have left, and makes sure that it is gone. Workers that are still
 * busy find that out, and remove what they write from then on. An archive that is complete is not touched. It may be called again, and
 * removes what is left then.
 *
 * @throws {@link InvalidOptionError} for options out of range, or what is no plan.
 * @throws {@link StorageError} if something could not be removed.
 */
export async function abortShards(plan: ShardPlan, options: ShardsOptions = {}): Promise<AbortedShards> {
	return withPlanStorage(plan, resolveOptions(SHARDS_SCHEMA, options), abort);
}

async function abort(storage: PlanStorage): Promise<AbortedShards> {
	const { connection, plan, requests, firstRequest } = storage;
	const { bucket, key, uploadId } = plan;
	const held = await uploadedParts({ ...storage, requests: firstRequest });
	// Without the manifest workers stop, so that no part comes in behind the abort.
	const removedCount = await removeHelpers(connection, plan, requests);
	if (held !== undefined && !(await abortUpload(connection, { bucket, key }, uploadId, requests.signal))) {
		requests.signal?.throwIfAborted();
		throw leftUpload(plan);
	}
	// An upload is gone as well if a finish has completed it meanwhile.
	const complete = (await findFinished(storage)) !== undefined;
	return { bucket, key, aborted: held !== undefined && !complete, complete, removedCount };
}

function leftUpload({ bucket, key, uploadId }: ShardPlan): StorageError {
	const problem = `the incomplete upload ${uploadId} of s3://${bucket}/${key} could not be removed and still takes space`;
	const address = { bucket, key };
	return new StorageError("STORAGE_REFUSED", problem, {
		...address,
		orphanedUploadId: uploadId,
		advice: { kind: "abort-upload", ...address, uploadId },
	});
}
