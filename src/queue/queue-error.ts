import type { Advice } from "../advice/advice.ts";
import { type ErrorCode, ZipferryError } from "../errors.ts";
import type { ShardPlan } from "../shards/shard-plan.ts";

/** The server of a queue cannot be reached, refuses, or does not have what is asked for. */
export class QueueError extends ZipferryError {
	/** Name of the class. */
	override readonly name = "QueueError";
	/** Tells the kind of failure apart. */
	readonly code: "NETWORK" | "QUEUE_REFUSED" | "NO_SUCH_FLOW";

	constructor(
		code: QueueError["code"],
		problem: string,
		details: { readonly cause?: unknown; readonly advice?: Advice | undefined } = {},
	) {
		super(problem, details);
		this.code = code;
	}
}

/** Facts of a {@link FlowError}. */
export interface FlowFacts {
	/** What the archive was to be made of. */
	readonly plan: ShardPlan;
	/** The shard that failed, by its index from 0; without one, finishing failed. */
	readonly shard?: number | undefined;
	/** Advice on what to do. */
	readonly advice?: Advice | undefined;
}

/** A worker has failed for good, and with it the archive that it was to help with. Shards that are made are kept. */
export class FlowError extends ZipferryError {
	/** Name of the class. */
	override readonly name = "FlowError";
	/** Tells the kind of failure apart: it is that of the error in the worker. */
	readonly code: ErrorCode;
	/** What the archive was to be made of. */
	readonly plan: ShardPlan;
	/** The shard that failed, by its index from 0; `undefined` if finishing failed. */
	readonly shard: number | undefined;

	constructor(code: ErrorCode, problem: string, { plan, shard, advice }: FlowFacts) {
		super(problem, { advice });
		this.code = code;
		this.plan = plan;
		this.shard = shard;
	}
}
