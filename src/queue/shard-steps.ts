import type { AbortedShards } from "../shards/finish/abort-shards.ts";
import type { FinishedShards } from "../shards/finish/finish-shards.ts";
import type { ShardsStatus } from "../shards/finish/shards-status.ts";
import type { ShardsOptions } from "../shards/options.ts";
import type { PlanShardsOptions } from "../shards/plan/options.ts";
import type { ShardSource } from "../shards/plan/sources/shard-source.ts";
import type { ShardPlan } from "../shards/shard-plan.ts";
import type { MadeShard } from "../shards/work/made-shard.ts";
import type { MakeShardOptions } from "../shards/work/options.ts";

/** What is done to shards, whoever says when. */
export interface ShardSteps {
	plan(sources: ShardSource | readonly ShardSource[], options: PlanShardsOptions): Promise<ShardPlan>;
	make(plan: ShardPlan, index: number, options: MakeShardOptions): Promise<MadeShard>;
	finish(plan: ShardPlan, options: MakeShardOptions): Promise<FinishedShards>;
	abort(plan: ShardPlan, options: ShardsOptions): Promise<AbortedShards>;
	status(plan: ShardPlan, options: ShardsOptions): Promise<ShardsStatus>;
}
