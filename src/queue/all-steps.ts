import type { ShardSteps } from "./shard-steps.ts";

/** The steps themselves. Each brings the SDK along, and is loaded when it is taken. */
export const SHARD_STEPS: ShardSteps = {
	async plan(sources, options) {
		const { planShards } = await import("../shards/plan/plan-shards.ts");
		return planShards(sources, options);
	},
	async make(plan, index, options) {
		const { makeShard } = await import("../shards/work/make-shard.ts");
		return makeShard(plan, index, options);
	},
	async finish(plan, options) {
		const { finishShards } = await import("../shards/finish/finish-shards.ts");
		return finishShards(plan, options);
	},
	async abort(plan, options) {
		const { abortShards } = await import("../shards/finish/abort-shards.ts");
		return abortShards(plan, options);
	},
	async status(plan, options) {
		const { shardsStatus } = await import("../shards/finish/shards-status.ts");
		return shardsStatus(plan, options);
	},
};
