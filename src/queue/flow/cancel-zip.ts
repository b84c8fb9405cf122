import type { ShardsOptions } from "../../shards/options.ts";
import type { ShardSteps } from "../shard-steps.ts";
import type { ZipQueue } from "../zip-queue.ts";
import { removeFlow } from "./remove-flow.ts";
import { flowJob } from "./zip-status.ts";

/** What became of an archive that is not wanted any more. */
export interface CancelledZip {
	/** Id of the plan. */
	readonly id: string;
	/** Whether its upload was aborted; `false` if it was complete, or aborted before. */
	readonly aborted: boolean;
	/** The archive was finished before, and stays. */
	readonly complete: boolean;
	/** Objects beside the archive that were removed. */
	readonly removedCount: number;
}

/** Has workers leave an archive, removes what is there of it in the storage, then its jobs. */
export async function cancelFlow(
	queue: ZipQueue,
	id: string,
	options: ShardsOptions,
	steps: ShardSteps,
): Promise<CancelledZip> {
	const flow = await flowJob(queue, id);
	const { plan } = flow.data;
	if (await flow.isCompleted()) return { id, aborted: false, complete: true, removedCount: 0 };
	// From now on nobody begins anything, and those at work leave it within seconds.
	await flow.updateData({ ...flow.data, cancelled: true });
	const { aborted, complete, removedCount } = await steps.abort(plan, options);
	await removeFlow(flow, options.signal);
	return { id, aborted, complete, removedCount };
}
