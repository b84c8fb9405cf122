import type { AbortedShards } from "../shards/finish/abort-shards.ts";
import type { FinishedShards } from "../shards/finish/finish-shards.ts";
import type { ShardsStatus } from "../shards/finish/shards-status.ts";
import type { ShardsOptions } from "../shards/options.ts";
import type { PlanShardsOptions } from "../shards/plan/options.ts";
import type { ShardPlan } from "../shards/shard-plan.ts";
import type { Source } from "../sources/source.ts";
import type { SourceOptions } from "../sources/source-options.ts";

export interface MakeShardOptions
	extends ShardsOptions,
		Pick<SourceOptions, "blockingReads" | "readAhead" | "readAheadSize" | "sourceStorage"> {}
export interface MadeShard {
	readonly index: number;
	readonly size: number;
	readonly entryCount: number;
	readonly partCount: number;
	readonly contentSize: number;
	readonly alreadyMade: boolean;
	readonly over: boolean;
}

/** What is done to shards, whoever says when. */
export interface ShardSteps {
	plan(sources: Source | readonly Source[], options: PlanShardsOptions): Promise<ShardPlan>;
	make(plan: ShardPlan, index: number, options: MakeShardOptions): Promise<MadeShard>;
	finish(plan: ShardPlan, options: ShardsOptions): Promise<FinishedShards>;
	abort(plan: ShardPlan, options: ShardsOptions): Promise<AbortedShards>;
	status(plan: ShardPlan, options: ShardsOptions): Promise<ShardsStatus>;
}
