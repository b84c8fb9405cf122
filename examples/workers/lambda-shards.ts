/**
 * The four functions that `step-functions.asl.json` calls. Deploy the file four times, with the handlers `plan`, `work`, `finish`
 * and `abort`, Node.js 24, 1,769 MB (one whole processor) and a timeout of 15 minutes. All four have to run the same version of
 * Node.js: the bytes that its zlib makes depend on it.
 *
 * Their role needs what `zipferry doctor` tries on the bucket of the archive, and reading the sources.
 */
import { abortShards, finishShards, makeShard, planShards, type ShardPlan } from "zipferry";

/** What a state machine is started with. */
export interface PlanEvent {
	/** `s3://photos/albums/` and the like: what every function reaches. */
	readonly sources: readonly string[];
	readonly bucket: string;
	readonly key: string;
	/** Functions that are to work at a time; the archive becomes a few shards for each. */
	readonly workers: number;
}

/** What storage it is. On AWS itself that is known without it. */
const STORAGE = { provider: "aws" } as const;

/** What a function makes within its 15 minutes, with room for a slow day. */
const MAX_BYTES = 8 * 1024 ** 3;

export function plan({ sources, bucket, key, workers }: PlanEvent): Promise<ShardPlan> {
	return planShards(sources, { ...STORAGE, bucket, key, workers, maxBytes: MAX_BYTES });
}

export function work({ plan, index }: { readonly plan: ShardPlan; readonly index: number }) {
	return makeShard(plan, index, STORAGE);
}

export function finish({ plan }: { readonly plan: ShardPlan }) {
	return finishShards(plan, STORAGE);
}

export function abort({ plan }: { readonly plan: ShardPlan }) {
	return abortShards(plan, STORAGE);
}
