import { setTimeout as delay } from "node:timers/promises";
import type { Job } from "bullmq";
import { messageOf } from "../../errors.ts";
import { QueueError } from "../queue-error.ts";
import type { JobData } from "./flow-jobs.ts";

/** Longer than the lock of a worker that was killed. */
const PATIENCE_MS = 30_000;
const DELAY_MS = 500;

/** Takes all jobs of a flow out of the queue, when the workers have left those that they are at. */
export async function removeFlow(flow: Job<JobData>, signal: AbortSignal | undefined): Promise<void> {
	const deadline = Date.now() + PATIENCE_MS;
	for (;;) {
		try {
			await flow.remove({ removeChildren: true });
			return;
		} catch (error) {
			if (!/locked/.test(messageOf(error))) throw error;
			if (Date.now() > deadline) {
				const { id, bucket, key } = flow.data.plan;
				const problem = `workers are still making shards of s3://${bucket}/${key} (id ${id})`;
				throw new QueueError("QUEUE_REFUSED", problem, { cause: error });
			}
			await delay(DELAY_MS, undefined, { signal });
		}
	}
}
