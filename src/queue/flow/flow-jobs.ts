import type { FlowJob, JobsOptions } from "bullmq";
import type { ShardPlan } from "../../shards/shard-plan.ts";

/*
 * An archive is a flow: its shards are children, and finishing is their parent, which comes up when all of them are done. Jobs hold the
 * plan and the number of a shard, and nothing else: Redis keeps them in clear text.
 */

/** Name of the queue, if no other is given. */
export const QUEUE_NAME = "zipferry";

/** What a job is about. */
export interface JobData {
	readonly plan: ShardPlan;
	/** Of the shard to be made, from 0; without it, the archive is to be finished. */
	readonly index?: number | undefined;
	/** Somebody does not want the archive any more. */
	readonly cancelled?: boolean | undefined;
}

/** A day, a week, in seconds. */
const [DAY, WEEK] = [86_400, 7 * 86_400];

const ATTEMPTS: JobsOptions = {
	// For a storage that is away longer than its own retries last: 5 s, 10 s, … 160 s.
	attempts: 7,
	backoff: { type: "exponential", delay: 5_000 },
	stackTraceLimit: 1,
	removeOnFail: { age: WEEK, count: 10_000 },
};

const SHARD: JobsOptions = {
	...ATTEMPTS,
	// What became of it stays with its parent.
	removeOnComplete: { age: DAY, count: 1_000 },
	// Otherwise the parent waits for ever.
	failParentOnFailure: true,
};

const FINISH: JobsOptions = { ...ATTEMPTS, removeOnComplete: { age: WEEK, count: 1_000 } };

/** Id of the job that finishes an archive, and stands for the whole flow. */
function flowId({ id }: Pick<ShardPlan, "id">): string {
	return id;
}

/** Id of the job that makes a shard; BullMQ wants no colon in it. */
function shardJobId({ id }: Pick<ShardPlan, "id">, index: number): string {
	return `${id}-${index}`;
}

/** Index of the shard that a job of this flow makes. */
export function shardOfJob(flow: string, jobId: string): number | undefined {
	const [, index] = jobId.startsWith(`${flow}-`) ? (/-(\d+)$/.exec(jobId) ?? []) : [];
	return index === undefined ? undefined : Number(index);
}

/** @param shards - Indexes of those that have to be made. */
export function flowOf(queueName: string, plan: ShardPlan, shards: Iterable<number>): FlowJob {
	const children = [...shards].map((index) => {
		const data: JobData = { plan, index };
		return { name: "shard", queueName, data, opts: { ...SHARD, jobId: shardJobId(plan, index) } };
	});
	const data: JobData = { plan };
	return { name: "finish", queueName, data, opts: { ...FINISH, jobId: flowId(plan) }, children };
}
