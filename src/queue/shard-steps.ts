import type { ZipferryEventListener } from "../events.ts";
import type { StorageOptions } from "../s3/options.ts";
import type { ShardPlan } from "../shards/shard-plan.ts";
import type { Source } from "../sources/source.ts";

export interface ShardsOptions extends StorageOptions {
	readonly retryTimeMs?: number | undefined;
	readonly signal?: AbortSignal | undefined;
	readonly onEvent?: ZipferryEventListener | undefined;
}
export interface PlanShardsOptions extends ShardsOptions {
	readonly bucket: string;
	readonly key: string;
	readonly workers?: number | undefined;
}
export interface MadeShard {
	readonly index: number;
	readonly size: number;
	readonly entryCount: number;
	readonly partCount: number;
	readonly contentSize: number;
	readonly alreadyMade: boolean;
}
export interface FinishedShards {
	readonly bucket: string;
	readonly key: string;
	readonly size: number;
	readonly entryCount: number;
}
export interface AbortedShards {
	readonly aborted: boolean;
	readonly removedCount: number;
}
export interface ShardsStatus {
	readonly state: "incomplete" | "complete" | "gone";
	readonly missing: readonly number[];
}

/** What is done to shards, whoever says when. */
export interface ShardSteps {
	plan(sources: Source | readonly Source[], options: PlanShardsOptions): Promise<ShardPlan>;
	make(plan: ShardPlan, index: number, options: ShardsOptions): Promise<MadeShard>;
	finish(plan: ShardPlan, options: ShardsOptions): Promise<FinishedShards>;
	abort(plan: ShardPlan, options: ShardsOptions): Promise<AbortedShards>;
	status(plan: ShardPlan, options: ShardsOptions): Promise<ShardsStatus>;
}
