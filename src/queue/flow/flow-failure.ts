import type { Job } from "bullmq";
import { manifestKey } from "../../shards/shard-keys.ts";
import { FlowError } from "../queue-error.ts";
import { type JobFailure, readFailure } from "../worker/job-failure.ts";
import type { ZipQueue } from "../zip-queue.ts";
import { type JobData, shardOfJob } from "./flow-jobs.ts";

/** Why a flow has failed. */
export interface FlowFailure extends JobFailure {
	/** The shard that failed, by its index from 0; absent if finishing failed. */
	readonly shard?: number | undefined;
}

/** What BullMQ says of a parent whose child has failed: the key of the child. */
const OF_CHILD = /^child (?:.*:)?([^:]+) failed$/;

/** Why the flow of a job has failed, if it has. */
export async function failureOf(queue: ZipQueue, flow: Job<JobData>): Promise<FlowFailure | undefined> {
	const said = flow.failedReason || flow.deferredFailure;
	if (!said) return undefined;
	const [, child] = OF_CHILD.exec(said) ?? [];
	if (child === undefined) return readFailure(said);
	const job = await queue.getJob(child);
	return { ...readFailure(job?.failedReason ?? said), shard: shardOfJob(flow.data.plan.id, child) };
}

export function flowError({ plan }: JobData, { code, message, shard }: FlowFailure): FlowError {
	const target = `s3://${plan.bucket}/${plan.key}`;
	const step = shard === undefined ? "finishing it" : `shard ${shard}`;
	const manifest = `s3://${plan.bucket}/${manifestKey(plan)}`;
	return new FlowError(code, `${target} failed at ${step}: ${message}`, {
		...{ plan, shard },
		advice: { kind: "resume-flow", id: plan.id, manifest },
	});
}
