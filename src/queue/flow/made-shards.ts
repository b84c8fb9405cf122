import type { Job } from "bullmq";
import type { MadeShard } from "../../shards/work/made-shard.ts";
import type { JobData } from "./flow-jobs.ts";

/** Children whose results are fetched at once. */
const PAGE = 1_000;

/** Shards of a flow that were made: the ids of their jobs, and what came of them. Those that were left out are done as well, and not made. */
export async function* madeShards(flow: Job<JobData>): AsyncGenerator<readonly [jobId: string, MadeShard]> {
	let cursor = 0;
	do {
		const { processed = {}, nextProcessedCursor = 0 } = await flow.getDependencies({
			processed: { cursor, count: PAGE },
		});
		for (const [key, result] of Object.entries(processed))
			if (isMade(result)) yield [key.slice(key.lastIndexOf(":") + 1), result];
		cursor = nextProcessedCursor;
	} while (cursor !== 0);
}

/** Whether a step came to a shard, and was not left out. */
export function isMade(result: unknown): result is MadeShard {
	return typeof result === "object" && result !== null && !("skipped" in result);
}
