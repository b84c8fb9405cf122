import type { Job } from "bullmq";
import { messageOf, problemOf, StorageError } from "../../errors.ts";
import { STORAGE_FIELDS, type StorageOptions } from "../../s3/options.ts";
import type { ShardsOptions } from "../../shards/options.ts";
import type { PlanShardsOptions } from "../../shards/plan/options.ts";
import type { ShardSource } from "../../shards/plan/sources/shard-source.ts";
import type { ShardPlan } from "../../shards/shard-plan.ts";
import { QueueError } from "../queue-error.ts";
import { openFlowProducer } from "../same-server.ts";
import type { ShardSteps } from "../shard-steps.ts";
import type { ZipQueue } from "../zip-queue.ts";
import { flowOf, type JobData } from "./flow-jobs.ts";
import { removeFlow } from "./remove-flow.ts";
import { statusOfFlow } from "./zip-status.ts";

/** Plans an archive, and puts it into a queue. If that fails, nothing is left in the storage. */
export async function enqueueFlow(
	queue: ZipQueue,
	sources: ShardSource | readonly ShardSource[],
	options: PlanShardsOptions,
	steps: ShardSteps,
): Promise<ShardPlan> {
	await queue.waitUntilReady(); // before a million files are listed
	const plan = await steps.plan(sources, options);
	try {
		options.signal?.throwIfAborted();
		await addFlow(queue, plan, allShards(plan));
	} catch (error) {
		await takeBack(plan, options, steps, error);
		throw error;
	}
	return plan;
}

/** Puts an archive into a queue again that is not complete: what is missing of it. One that workers are at stays as it is. */
export async function resumeFlow(
	queue: ZipQueue,
	plan: ShardPlan,
	options: ShardsOptions,
	steps: ShardSteps,
): Promise<void> {
	const flow: Job<JobData> | undefined = await queue.getJob(plan.id);
	if (flow !== undefined) {
		const { bucket, key, uploadId } = flow.data.plan;
		if (bucket !== plan.bucket || key !== plan.key || uploadId !== plan.uploadId)
			throw new QueueError(
				"QUEUE_REFUSED",
				`the queue has the archive ${plan.id} as s3://${bucket}/${key}, and the plan says s3://${plan.bucket}/${plan.key}: was it edited?`,
			);
		const { state } = await statusOfFlow(queue, flow);
		if (state !== "failed" && state !== "cancelled" && state !== "complete") return;
		await removeFlow(flow, options.signal);
	}
	const { state, missing, damaged } = await steps.status(plan, options);
	const { id, bucket, key } = plan;
	if (state === "gone")
		throw new StorageError(
			"NO_SUCH_UPLOAD",
			`there is nothing to resume of s3://${bucket}/${key} (id ${id}): it was cancelled or aborted`,
			{ bucket, key },
		);
	await addFlow(queue, plan, state === "complete" ? [] : [...missing, ...damaged]);
}

async function addFlow(queue: ZipQueue, plan: ShardPlan, shards: Iterable<number>): Promise<void> {
	const { thing: producer, close } = await openFlowProducer(queue);
	try {
		const { job, children = [] } = await producer.add(flowOf(queue.name, plan, shards));
		// Told of the first job alone: a server whose memory is full may have refused any of them.
		const { processed = 0, unprocessed = 0, failed = 0 } = await job.getDependenciesCount();
		if (processed + unprocessed + failed < children.length)
			throw new QueueError(
				"QUEUE_REFUSED",
				"the queue did not take all jobs; is the memory of its server full?",
			);
	} catch (error) {
		const begun = await queue.getJob(plan.id).catch(() => undefined);
		await begun?.remove({ removeChildren: true }).catch(() => {}); // whatever is left of it finds nothing to do
		throw error;
	} finally {
		await close();
	}
}

function* allShards({ shardCount }: ShardPlan): Generator<number> {
	for (let index = 0; index < shardCount; index++) yield index;
}

async function takeBack(
	plan: ShardPlan,
	options: PlanShardsOptions,
	steps: ShardSteps,
	reason: unknown,
): Promise<void> {
	try {
		await steps.abort(plan, connectionOf(options));
	} catch (error) {
		const { bucket, key, uploadId } = plan;
		throw new StorageError(
			"STORAGE_REFUSED",
			`${problemOf(reason)}; and the upload ${uploadId} of s3://${bucket}/${key} could not be removed: ${messageOf(error)}`,
			{ bucket, key, cause: reason, orphanedUploadId: uploadId },
		);
	}
}

/** How to reach the storage, for a clean-up that nothing stops. */
function connectionOf({ retryTimeMs, onEvent, ...options }: PlanShardsOptions): ShardsOptions {
	const names = Object.keys(STORAGE_FIELDS) as (keyof StorageOptions)[]; // its fields
	const storage = Object.fromEntries(names.map((name) => [name, options[name]]));
	return { ...storage, retryTimeMs, onEvent };
}
