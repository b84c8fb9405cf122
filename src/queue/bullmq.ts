/*
 * The public API of `zipferry/bullmq`: archives as flows of BullMQ.
 */
import type { ConnectionOptions } from "bullmq";
import { resolveOptions } from "../options/resolve-options.ts";
import type { FinishedShards } from "../shards/finish/finish-shards.ts";
import type { ShardsOptions } from "../shards/options.ts";
import type { PlanShardsOptions } from "../shards/plan/options.ts";
import type { ShardSource } from "../shards/plan/sources/shard-source.ts";
import type { ShardPlan } from "../shards/shard-plan.ts";
import { SHARD_STEPS } from "./all-steps.ts";
import { type CancelledZip, cancelFlow } from "./flow/cancel-zip.ts";
import { enqueueFlow, resumeFlow } from "./flow/enqueue-flow.ts";
import { type WaitOptions, waitForFlow } from "./flow/wait-for-flow.ts";
import { ZIP_WORKER_SCHEMA, type ZipWorkerOptions } from "./worker/options.ts";
import { startZipWorker, type ZipWorker } from "./worker/zip-worker.ts";
import type { ZipQueue } from "./zip-queue.ts";

export type { FlowFailure } from "./flow/flow-failure.ts";
export type { ZipProgress } from "./flow/flow-progress.ts";
export { type ZipStatus, zipStatus } from "./flow/zip-status.ts";
export { FlowError, type FlowFacts, QueueError } from "./queue-error.ts";
export type { JobFailure } from "./worker/job-failure.ts";
export type { QueueOptions } from "./worker/options.ts";
export type { WorkerEvent, WorkerStep } from "./worker/worker-event.ts";
export type { CancelledZip, WaitOptions, ZipQueue, ZipWorker, ZipWorkerOptions };

/** An archive in a queue. */
export interface EnqueuedZip {
	/** Id of the plan, for {@link zipStatus} and {@link cancelZip}. */
	readonly id: string;
	/** What it is made of, for {@link resumeZip}. It is JSON and holds no credentials. */
	readonly plan: ShardPlan;
	/**
	 * Waits until the archive is complete. Many may wait, in any process; nothing depends on it.
	 *
	 * @throws {@link FlowError} if a worker has failed for good.
	 * @throws {@link QueueError} `NO_SUCH_FLOW` if it was cancelled.
	 */
	wait(options?: WaitOptions): Promise<FinishedShards>;
}

/**
 * Plans an archive and puts it into a queue, as a flow: a job for each shard, and one that finishes the archive when all of them are done.
 * Workers make it, see {@link createZipWorker}. Resolves when the jobs are in the queue; if they do not get there, nothing is left in the
 * storage.
 *
 * Jobs hold the plan and the number of a shard: no list of files, and no credentials.
 *
 * @param queue - A `Queue` of BullMQ on Redis or Valkey, which stays open; experimental: on PostgreSQL, by `createPostgresBackend`.
 * @param sources - What every worker reaches: objects, addresses, and files at the same path on all machines.
 * @throws what `planShards()` throws.
 *
 * @example
 * ```ts
 * const queue = new Queue("zipferry", { connection });
 * const { wait } = await enqueueZip(queue, "s3://photos/2026/", { bucket: "archives", key: "2026.zip" });
 * const { size } = await wait();
 * ```
 */
export async function enqueueZip(
	queue: ZipQueue,
	sources: ShardSource | readonly ShardSource[],
	options: PlanShardsOptions,
): Promise<EnqueuedZip> {
	return enqueued(queue, await enqueueFlow(queue, sources, options, SHARD_STEPS));
}

/**
 * Puts into a queue what is missing of an archive, as the storage knows it: after a failure, or when the queue was lost. An archive that
 * workers are at stays as it is.
 *
 * @param plan - As {@link enqueueZip} has returned it.
 * @param options - How to reach the storage.
 * @throws `StorageError` `NO_SUCH_UPLOAD` if the archive was cancelled or aborted.
 */
export async function resumeZip(
	queue: ZipQueue,
	plan: ShardPlan,
	options: ShardsOptions,
): Promise<EnqueuedZip> {
	await resumeFlow(queue, plan, options, SHARD_STEPS);
	return enqueued(queue, plan);
}

/**
 * Ends an archive that is not complete: workers leave it within seconds, and nothing of it is left, neither in the storage nor in the queue.
 *
 * @param id - Of the plan.
 * @param options - How to reach the storage.
 * @throws {@link QueueError} `NO_SUCH_FLOW` if the queue has none of that id.
 */
export async function cancelZip(queue: ZipQueue, id: string, options: ShardsOptions): Promise<CancelledZip> {
	return cancelFlow(queue, id, options, SHARD_STEPS);
}

/**
 * Starts a worker: it makes shards of the archives that {@link enqueueZip} puts into the queue, and finishes archives whose shards are
 * made. Any number of them may be at work, on any machine; one that is killed is missed within 30 seconds, and its shard made by another.
 *
 * @param connection - URL of a Redis or Valkey, `redis://` or `rediss://`; or what BullMQ takes for these, where a client stays open.
 * Experimental: URL of a PostgreSQL, `postgres://`, whose tables for BullMQ are made where they are missing.
 * @param options - How to reach the storage, as jobs hold no credentials.
 * @throws `InvalidOptionError` for options out of range, or if BullMQ is not installed.
 * @throws {@link QueueError} if the queue cannot be reached, or its server would lose jobs.
 *
 * @example
 * ```ts
 * const worker = await createZipWorker("redis://127.0.0.1:6379", { endpoint: "https://s3.example.com" });
 * process.once("SIGTERM", () => void worker.close());
 * await worker.closed;
 * ```
 */
export async function createZipWorker(
	connection: string | ConnectionOptions,
	options: ZipWorkerOptions = {},
): Promise<ZipWorker> {
	const settings = resolveOptions(ZIP_WORKER_SCHEMA, options);
	return startZipWorker(connection, settings, SHARD_STEPS);
}

function enqueued(queue: ZipQueue, plan: ShardPlan): EnqueuedZip {
	return { id: plan.id, plan, wait: (options = {}) => waitForFlow(queue, plan, options) };
}
