import type { Job } from "bullmq";
import type { FinishedShards } from "../../shards/finish/finish-shards.ts";
import type { ShardPlan } from "../../shards/shard-plan.ts";
import { QueueError } from "../queue-error.ts";
import type { ZipQueue } from "../zip-queue.ts";
import { countWorkers } from "./count-workers.ts";
import { type FlowFailure, failureOf } from "./flow-failure.ts";
import { type JobData, shardOfJob } from "./flow-jobs.ts";
import { madeShards } from "./made-shards.ts";

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
	/** Workers that are connected to the queue; absent where its server does not tell. */
	readonly workerCount?: number | undefined;
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
	const status = await statusOfFlow(queue, await flowJob(queue, id));
	return { ...status, workerCount: await countWorkers(queue) };
}

/** @throws {QueueError} `NO_SUCH_FLOW` */
export async function flowJob(queue: ZipQueue, id: string): Promise<Job<JobData>> {
	const job: Job<JobData> | undefined = await queue.getJob(id);
	if (job !== undefined && isFlow(job)) return job;
	throw new QueueError(
		"NO_SUCH_FLOW",
		`the queue ${queue.name} has no archive with the id ${id}: the id is wrong or of another queue, the archive was cancelled or ended more than a week ago, or the queue has lost its jobs`,
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
	if (failure !== undefined && (await isOver(flow)))
		return { ...facts, madeCount: await countMade(flow, plan, failure), state: "failed", failure };
	if (unprocessed === 0) return { ...facts, state: "finishing" };
	return { ...facts, state: active.length > 0 || madeCount > 0 ? "active" : "waiting" };
}

/** Workers leave out what is left of an archive that has failed: done for the queue, and not made. */
async function countMade(
	flow: Job<JobData>,
	{ shardCount }: ShardPlan,
	{ shard }: FlowFailure,
): Promise<number> {
	if (shard === undefined) return shardCount; // it failed at finishing them
	const counts = await flow.getDependenciesCount({ processed: true, unprocessed: true, failed: true });
	const { processed = 0, unprocessed = 0, failed = 0 } = counts;
	let made = Math.max(0, shardCount - processed - unprocessed - failed); // before it was put into the queue again
	for await (const _ of madeShards(flow)) made++;
	return made;
}

/** Whether nothing is tried again. */
async function isOver(flow: Job<JobData>): Promise<boolean> {
	return Boolean(flow.deferredFailure) || (await flow.isFailed());
}
