import { setTimeout as delay } from "node:timers/promises";
import { anySignal } from "../../async/any-signal.ts";
import type { FinishedShards } from "../../shards/finish/finish-shards.ts";
import type { ShardPlan } from "../../shards/shard-plan.ts";
import { QueueError } from "../queue-error.ts";
import { openQueueEvents } from "../same-server.ts";
import type { ZipQueue } from "../zip-queue.ts";
import { countWorkers } from "./count-workers.ts";
import { flowError } from "./flow-failure.ts";
import { FlowProgress, type ZipProgress } from "./flow-progress.ts";
import { flowJob, statusOfFlow } from "./zip-status.ts";

/** Options of {@link EnqueuedZip.wait}. */
export interface WaitOptions {
	/** Ends the waiting, and not the work: the promise rejects with the signal's reason. */
	readonly signal?: AbortSignal | undefined;
	/** Is told once a second how far all workers together are. */
	readonly onProgress?: ((progress: ZipProgress) => void) | undefined;
}

const INTERVAL_MS = 1_000;
/** The same once it is over. */
const RETRY_MS = 100;
/** Workers are counted at every so many looks: their list is long where they are many. */
const LOOKS_FOR_WORKERS = 5;

/**
 * Waits until an archive is complete.
 *
 * @throws {FlowError} if a worker has failed for good.
 * @throws {QueueError} `NO_SUCH_FLOW` if it was cancelled.
 */
export async function waitForFlow(
	queue: ZipQueue,
	plan: ShardPlan,
	{ signal, onProgress }: WaitOptions,
): Promise<FinishedShards> {
	const { thing: events, close } = await openQueueEvents(queue);
	const progress = new FlowProgress(plan);
	events.on("error", () => {}); // the next look at the queue tells
	events.on("progress", ({ jobId, data }) => progress.onProgress(jobId, data));
	events.on("completed", ({ jobId, returnvalue }) => progress.onMade(jobId, returnvalue));
	const pause = new Pause();
	const onEnd = ({ jobId }: { readonly jobId: string }) => {
		if (jobId === plan.id) pause.end();
	};
	events.on("completed", onEnd);
	events.on("failed", onEnd);
	try {
		await progress.begin(await flowJob(queue, plan.id));
		let workerCount: number | undefined;
		for (let look = 1; ; look++) {
			signal?.throwIfAborted();
			if (look % LOOKS_FOR_WORKERS === 0) workerCount = await countWorkers(queue);
			const flow = await flowJob(queue, plan.id);
			const status = await statusOfFlow(queue, flow);
			onProgress?.(progress.at(status, workerCount));
			if (status.result !== undefined) return status.result;
			if (status.failure !== undefined) throw flowError(flow.data, status.failure);
			if (status.state === "cancelled")
				throw new QueueError("NO_SUCH_FLOW", `s3://${plan.bucket}/${plan.key} was cancelled (id ${plan.id})`);
			await pause.wait(signal);
		}
	} finally {
		await close().catch(() => {});
	}
}

/** The time between two looks at the queue, unless it says itself that the archive is there or has failed. */
class Pause {
	readonly #end = new AbortController();

	end(): void {
		this.#end.abort();
	}

	/** @param signal - Ends it too; its reason is told by whoever looks next. */
	async wait(signal: AbortSignal | undefined): Promise<void> {
		const isOver = this.#end.signal.aborted;
		const { signal: anyEnd, release } = anySignal(signal, isOver ? undefined : this.#end.signal);
		await delay(isOver ? RETRY_MS : INTERVAL_MS, undefined, { signal: anyEnd }).catch(() => {});
		release();
	}
}
