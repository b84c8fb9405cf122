import type { Advice } from "../advice/advice.ts";
import { ZipferryError } from "../errors.ts";

/** Facts of a {@link ShardsError}. */
export interface ShardsFacts {
	/** Id of the plan. */
	readonly plan: string;
	/** Shards that have to be made, by their index from 0. */
	readonly missing?: readonly number[] | undefined;
	/** The error behind it. */
	readonly cause?: unknown;
	/** Advice on what to do. */
	readonly advice?: Advice | undefined;
}

/** An archive of shards is over, not ready to be finished, or not for this process. */
export class ShardsError extends ZipferryError {
	/** Name of the class. */
	override readonly name = "ShardsError";
	/** Tells the kind of failure apart. */
	readonly code: "SHARDS_OVER" | "SHARDS_MISSING" | "SHARDS_UNFIT";
	/** Id of the plan. */
	readonly plan: string;
	/** Shards that have to be made, by their index from 0; empty if it is over. */
	readonly missing: readonly number[];

	constructor(
		code: ShardsError["code"],
		problem: string,
		{ plan, missing = [], cause, advice }: ShardsFacts,
	) {
		super(problem, { cause, advice });
		this.code = code;
		this.plan = plan;
		this.missing = missing;
	}
}
