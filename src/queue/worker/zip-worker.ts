import { setTimeout as delay } from "node:timers/promises";
import type { ConnectionOptions, Job, Queue, Worker } from "bullmq";
import { onAbort } from "../../async/abort-listeners.ts";
import { messageOf } from "../../errors.ts";
import { storageOf } from "../../s3/options.ts";
import type { JobData } from "../flow/flow-jobs.ts";
import { loadBullmq } from "../load-bullmq.ts";
import { type OpenQueue, openQueue } from "../open-queue.ts";
import type { ShardSteps } from "../shard-steps.ts";
import type { ZipWorkerSettings } from "./options.ts";
import { type JobResult, type LeaveReason, Left, runJob, type StepTools } from "./run-job.ts";

/** A worker that is at work. */
export interface ZipWorker {
	/**
	 * Takes no more jobs, gives those that are under way back to the queue, and ends. Resolves when that is done; requests that do not end
	 * are given up after five seconds.
	 */
	close(): Promise<void>;
	/** Resolves when it is closed, and rejects with a {@link QueueError} when the queue was lost and does not come back. */
	readonly closed: Promise<void>;
}

/** A worker that is killed is missed when its lock ends and somebody looks: 20 s and 5 s. */
const LOCK_MS = 20_000;
const STALLED_CHECK_MS = 5_000;
/** How long the event loop may be busy without anybody missing the worker: the lock without this. */
const RENEWAL_MS = 6_000;
/** Workers may go at any time, as cheap machines do; a shard that ends all of them fails in the end. */
const MAX_STALLED = 10;
/** How often it looks whether anybody still wants what it makes. */
const WATCH_MS = 3_000;
/** How often the same problem is told. */
const PROBLEM_MS = 60_000;
const CLOSE_MS = 5_000;

export async function startZipWorker(
	connection: string | ConnectionOptions,
	settings: ZipWorkerSettings,
	steps: ShardSteps,
): Promise<ZipWorker> {
	const onProblem = toldSeldom((message) => settings.onEvent?.({ type: "queue-problem", message }));
	const opened = await openQueue(connection, { ...settings, onProblem });
	try {
		const bullmq = await loadBullmq();
		const { queueName, prefix, concurrency } = settings;
		const shared = { connection: opened.connection, prefix };
		const queue = new bullmq.Queue(queueName, shared, opened.backend);
		const running = new RunningSteps(queue, steps, settings);
		const worker = new bullmq.Worker<JobData, JobResult>(
			queueName,
			(job, token = "") => running.run(job, token),
			{
				...shared,
				concurrency,
				lockDuration: LOCK_MS,
				lockRenewTime: RENEWAL_MS,
				stalledInterval: STALLED_CHECK_MS,
				maxStalledCount: MAX_STALLED,
				runRetryDelay: 1_000,
			},
			opened.backend,
		);
		queue.on("error", onProblem);
		worker.on("error", onProblem).on("lockRenewalFailed", (ids) => void running.onLocksLost(ids));
		return new RunningWorker(worker, queue, running, opened, settings.signal);
	} catch (error) {
		opened.close();
		throw error;
	}
}

/** Connections that are lost are told of by each attempt to get them back. */
function toldSeldom(tell: (message: string) => void): (error: unknown) => void {
	const latest = new Map<string, number>();
	return (error) => {
		const message = messageOf(error);
		const now = Date.now();
		if (now - (latest.get(message) ?? 0) < PROBLEM_MS) return;
		if (latest.size >= 100) latest.clear();
		latest.set(message, now);
		tell(message);
	};
}

/** Steps that are under way, and what makes them stop. */
class RunningSteps {
	readonly #tools: StepTools;
	readonly #controllers = new Map<string, AbortController>();
	#stopping = false;

	constructor(queue: Queue, steps: ShardSteps, settings: ZipWorkerSettings) {
		const { onEvent = () => {}, onStorageEvent, retryTimeMs } = settings;
		const { blockingReads, readAhead, readAheadSize, sourceStorage } = settings;
		this.#tools = {
			...{ queue, steps, onEvent, onStorageEvent },
			storage: { ...storageOf(settings), retryTimeMs },
			reading: { blockingReads, readAhead, readAheadSize, sourceStorage },
		};
	}

	async run(job: Job<JobData>, token: string): Promise<JobResult> {
		const { id = "" } = job;
		const controller = new AbortController();
		this.#controllers.set(id, controller);
		if (this.#stopping) controller.abort(new Left("stopping"));
		const watch = setInterval(() => void this.#watch(job.data.plan.id, controller), WATCH_MS);
		try {
			return await runJob(job, token, controller.signal, this.#tools);
		} finally {
			clearInterval(watch);
			this.#controllers.delete(id);
		}
	}

	stop(): void {
		this.#stopping = true;
		for (const controller of this.#controllers.values()) controller.abort(new Left("stopping"));
	}

	/** Somebody else has the job then, unless the queue has lost it: what is made without a job counts all the same. */
	async onLocksLost(ids: readonly string[]): Promise<void> {
		for (const id of ids) {
			const job = await this.#tools.queue.getJob(id).catch(() => undefined);
			if (job !== undefined) this.#leave(this.#controllers.get(id), "taken-over");
		}
	}

	async #watch(flow: string, controller: AbortController): Promise<void> {
		const job = await this.#tools.queue.getJob(flow).catch(() => undefined);
		if (job?.data.cancelled === true) this.#leave(controller, "cancelled");
	}

	#leave(controller: AbortController | undefined, reason: LeaveReason): void {
		controller?.abort(new Left(reason));
	}
}

class RunningWorker implements ZipWorker {
	readonly closed: Promise<void>;
	readonly #worker: Worker;
	readonly #queue: Queue;
	readonly #running: RunningSteps;
	readonly #opened: OpenQueue;
	#closing: Promise<void> | undefined;

	constructor(
		worker: Worker,
		queue: Queue,
		running: RunningSteps,
		opened: OpenQueue,
		signal: AbortSignal | undefined,
	) {
		this.#worker = worker;
		this.#queue = queue;
		this.#running = running;
		this.#opened = opened;
		const ended = new Promise<void>((resolve) => worker.once("closed", resolve));
		this.closed = this.#untilEnded(ended);
		this.closed.catch(() => {}); // for those who never look
		onAbort(signal, () => void this.close());
	}

	close(): Promise<void> {
		this.#closing ??= this.#close();
		return this.#closing;
	}

	async #untilEnded(ended: Promise<void>): Promise<void> {
		try {
			await Promise.race([ended, this.#opened.lost]);
		} finally {
			await this.close();
		}
	}

	async #close(): Promise<void> {
		await this.#worker.pause(true);
		this.#running.stop();
		// Redis may be away: its locks end by themselves then.
		await Promise.race([this.#worker.close(), delay(CLOSE_MS, undefined, { ref: false })]);
		await Promise.race([this.#worker.close(true), delay(CLOSE_MS, undefined, { ref: false })]);
		await this.#queue.close().catch(() => {});
		this.#opened.close();
	}
}
