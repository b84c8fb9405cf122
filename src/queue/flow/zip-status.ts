import type { Job } from "bullmq";
import type { FinishedShards } from "../../shards/finish/finish-shards.ts";
import type { ShardPlan } from "../../shards/shard-plan.ts";
import { QueueError } from "../queue-error.ts";
import type { ZipQueue } from "../zip-queue.ts";
import { type FlowFailure, failureOf } from "./flow-failure.ts";
import { type JobData, shardOfJob } from "./flow-jobs.ts";

/** How far an archive is that workers make. */
export interface ZipStatus {
	/** Id of the plan, and of its flow. */
	readonly id: string;
	/**
	 * `waiting` for a worker, `active` while shards are made, `finishing` when all of them are, then `complete`; or `failed`, or `cancelled`
	 * while that is under way.
	 */
	readonly state: "waiting" | "active" | "finishing" | "complete" | "failed" | "cancelled";
	/** What it is made of. */
	readonly plan: ShardPlan;
	/** Shards that are made. */
	readonly madeCount: number;
	/** Indexes of shards that workers are making. */
	readonly active: readonly number[];
	/** Why it has failed, if it has. */
	readonly failure?: FlowFailure | undefined;
	/** The archive, if it is complete. */
	readonly result?: FinishedShards | undefined;
}

/**
 * Says how far an archive is.
 *
 * @param id - Of the plan.
 * @throws {@link QueueError} `NO_SUCH_FLOW` if the queue has none of that id.
 */
export async function zipStatus(queue: ZipQueue, id: string): Promise<ZipStatus> {
	return statusOfFlow(queue, await flowJob(queue, id));
}

/** @throws {QueueError} `NO_SUCH_FLOW` */
export async function flowJob(queue: ZipQueue, id: string): Promise<Job<JobData>> {
	const job: Job<JobData> | undefined = await queue.getJob(id);
	if (job !== undefined && isFlow(job)) return job;
	throw new QueueError(
		"NO_SUCH_FLOW",
		`the queue ${queue.name} has no archive with the id ${id}: it was cancelled, is complete for a week, or the queue was lost`,
	);
}

function isFlow({ data }: Job<JobData>): boolean {
	return typeof data.plan === "object" && data.index === undefined;
}

export async function statusOfFlow(queue: ZipQueue, flow: Job<JobData>): Promise<ZipStatus> {
	const { plan } = flow.data;
	const { id } = plan;
	const [counts, jobs, failure, finished] = await Promise.all([
		flow.getDependenciesCount({ unprocessed: true, failed: true }),
		queue.getActive(),
		failureOf(queue, flow),
		flow.isCompleted(),
	]);
	const ids = jobs.map((job) => job?.id ?? "");
	const active = ids.flatMap((job) => shardOfJob(id, job) ?? []).sort((a, b) => a - b);
	const { unprocessed = 0, failed = 0 } = counts;
	const madeCount = Math.max(0, plan.shardCount - unprocessed - failed);
	const facts = { id, plan, madeCount, active };
	const result = flow.returnvalue as FinishedShards | { readonly skipped: string } | null;
	if (flow.data.cancelled === true) return { ...facts, state: "cancelled" };
	if (finished && result !== null && !("skipped" in result)) return { ...facts, state: "complete", result };
	// After an attempt to finish, the reason stays until the next one is done.
	if (failure !== undefined && (await isOver(flow))) return { ...facts, state: "failed", failure };
	if (unprocessed === 0) return { ...facts, state: "finishing" };
	return { ...facts, state: active.length > 0 || madeCount > 0 ? "active" : "waiting" };
}

/** Whether nothing is tried again. */
async function isOver(flow: Job<JobData>): Promise<boolean> {
	return Boolean(flow.deferredFailure) || (await flow.isFailed());
}
