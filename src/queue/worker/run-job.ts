import type { Job } from "bullmq";
import { abortable } from "../../async/abortable.ts";
import type { ZipferryEventListener } from "../../events.ts";
import type { FinishedShards } from "../../shards/finish/finish-shards.ts";
import type { ShardsOptions } from "../../shards/options.ts";
import { ShardsError } from "../../shards/shards-error.ts";
import type { MadeShard } from "../../shards/work/made-shard.ts";
import type { MakeShardOptions } from "../../shards/work/options.ts";
import type { JobData } from "../flow/flow-jobs.ts";
import { loadBullmq } from "../load-bullmq.ts";
import type { ShardSteps } from "../shard-steps.ts";
import type { ZipQueue } from "../zip-queue.ts";
import { failureText, isFinal } from "./job-failure.ts";
import { JobProgress } from "./job-progress.ts";
import type { WorkerEvent, WorkerStep } from "./worker-event.ts";

/** Why a step is left before it is done. */
export type LeaveReason = "stopping" | "cancelled" | "taken-over";

/** A step that was left. */
export class Left extends Error {
	override readonly name = "Left";
	readonly reason: LeaveReason;

	constructor(reason: LeaveReason) {
		super(reason);
		this.reason = reason;
	}
}

/** What a step came to; a queue keeps it with the flow. */
export type JobResult = MadeShard | FinishedShards | { readonly skipped: string };

/** What steps are taken with. */
export interface StepTools {
	readonly queue: ZipQueue;
	readonly steps: ShardSteps;
	/** How to reach the storage. */
	readonly storage: ShardsOptions;
	/** How to read sources. */
	readonly reading: Pick<MakeShardOptions, "blockingReads" | "readAhead" | "readAheadSize" | "sourceStorage">;
	readonly onEvent: (event: WorkerEvent) => void;
	readonly onStorageEvent: ZipferryEventListener | undefined;
}

const LEFT: Readonly<Record<Exclude<LeaveReason, "stopping">, string>> = {
	cancelled: "the archive was cancelled",
	"taken-over": "another worker has taken it over",
};

const OVER = "the archive is complete already, or was aborted";

/**
 * Takes the step that a job is about.
 *
 * @param signal - Aborts with {@link Left}.
 * @returns its result, for the queue
 * @throws what tells BullMQ what to do with the job.
 */
export async function runJob(
	job: Job<JobData>,
	token: string,
	signal: AbortSignal,
	tools: StepTools,
): Promise<JobResult> {
	const { UnrecoverableError, WaitingError } = await loadBullmq();
	const { onEvent } = tools;
	if (!isOurs(job.data)) throw new UnrecoverableError("INVALID_OPTION: this job is none of an archive");
	const step = stepOf(job.data);
	const startedAt = performance.now();
	const elapsedMs = () => Math.round(performance.now() - startedAt);
	const skipped = (reason: string) => {
		onEvent({ type: "skipped", ...step, reason });
		return { skipped: reason };
	};
	try {
		signal.throwIfAborted();
		const reason = await whyNeedless(tools.queue, job.data);
		if (reason !== undefined) return skipped(reason);
		onEvent({ type: "started", ...step, attempt: job.attemptsMade + 1 });
		// What is left goes back to the queue at once, and not when the last request has ended.
		const result = await abortable(takeStep(job, signal, tools), signal);
		if ("over" in result && result.over) return skipped(OVER);
		onEvent(doneEvent(step, result, elapsedMs()));
		return result;
	} catch (error) {
		if (error instanceof Left && error.reason === "stopping") {
			onEvent({ type: "returned", ...step, elapsedMs: elapsedMs() });
			await job.moveToWait(token);
			throw new WaitingError();
		}
		if (error instanceof Left) return skipped(LEFT[error.reason as keyof typeof LEFT]); // the other one is above
		// Whoever finishes says whether it was completed or aborted.
		if (error instanceof ShardsError && error.code === "SHARDS_OVER" && step.step === "shard")
			return skipped(OVER);
		const last = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
		const final = isFinal(error) || last;
		const text = failureText(error);
		const [code = "", message = ""] = text.split(/: (.*)/s);
		onEvent({ type: "failed", ...step, code, message, final, elapsedMs: elapsedMs() });
		const failure = final ? new UnrecoverableError(text) : new Error(text);
		failure.stack = text; // that of this machine is nobody's business
		throw failure;
	}
}

/** Whether it has what is used of it here; the steps look at the rest. */
function isOurs(data: unknown): boolean {
	const { plan, index } = Object(data) as Partial<JobData>;
	return typeof plan?.id === "string" && (index === undefined || Number.isInteger(index));
}

function stepOf({ plan, index }: JobData): WorkerStep {
	const target = `s3://${plan.bucket}/${plan.key}`;
	return index === undefined
		? { plan: plan.id, target, step: "finish" }
		: { plan: plan.id, target, step: "shard", index };
}

function takeStep(
	job: Job<JobData>,
	signal: AbortSignal,
	{ steps, storage, reading, onStorageEvent }: StepTools,
): Promise<MadeShard | FinishedShards> {
	const { plan, index } = job.data;
	if (index === undefined)
		return steps.finish(plan, { ...storage, ...reading, signal, onEvent: onStorageEvent });
	const progress = new JobProgress(job);
	return steps.make(plan, index, {
		...storage,
		...reading,
		signal,
		onEvent(event) {
			progress.note(event);
			return onStorageEvent?.(event);
		},
	});
}

function doneEvent(step: WorkerStep, result: MadeShard | FinishedShards, elapsedMs: number): WorkerEvent {
	const { size, entryCount } = result;
	if (!("contentSize" in result)) return { type: "finished", ...step, size, entryCount, elapsedMs };
	const { contentSize, alreadyMade } = result;
	return { type: "made", ...step, size, entryCount, contentSize, alreadyMade, elapsedMs };
}

/** Why nobody needs a step any more, if that is so. */
async function whyNeedless(queue: ZipQueue, { plan, index }: JobData): Promise<string | undefined> {
	const flow = await queue.getJob(plan.id);
	if (flow?.data.cancelled === true) return LEFT.cancelled;
	// Finishing has failed before if it is tried again.
	if (index !== undefined && (flow?.failedReason || flow?.deferredFailure))
		return "another shard has failed, and the archive with it";
	return undefined;
}
