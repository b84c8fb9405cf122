import type { Job } from "bullmq";
import type { ShardPlan } from "../../shards/shard-plan.ts";
import type { ShardProgress } from "../worker/job-progress.ts";
import { type JobData, shardOfJob } from "./flow-jobs.ts";
import { isMade, madeShards } from "./made-shards.ts";
import type { ZipStatus } from "./zip-status.ts";

/** How far all workers together are. */
export interface ZipProgress {
	/** As {@link ZipStatus} has it. */
	readonly state: ZipStatus["state"];
	/** Shards of the archive. */
	readonly shardCount: number;
	/** Shards that are made. */
	readonly madeCount: number;
	/** Shards that workers are making. */
	readonly activeCount: number;
	/** Workers that are connected to the queue, counted every five seconds; absent where its server does not tell. */
	readonly workerCount?: number | undefined;
	/** Bytes of all files. */
	readonly sourceSize: number;
	/** Bytes of files that are in the storage; of shards that were made before anybody looked, an estimate. */
	readonly contentSize: number;
	/** Bytes that the storage has confirmed, without shards that were made before anybody looked. */
	readonly size: number;
	/** Entries that are in the storage, likewise. */
	readonly entryCount: number;
}

const NOTHING: ShardProgress = { contentSize: 0, size: 0, entryCount: 0 };

/** Adds up what shards say. */
export class FlowProgress {
	readonly #plan: ShardPlan;
	/** By shard: made, or as far as it is. */
	readonly #shards = new Map<number, ShardProgress>();
	readonly #made = new Set<number>();

	constructor(plan: ShardPlan) {
		this.#plan = plan;
	}

	/** Takes in what was made before. */
	async begin(flow: Job<JobData>): Promise<void> {
		for await (const [jobId, result] of madeShards(flow)) this.onMade(jobId, result);
	}

	onProgress(jobId: string, data: unknown): void {
		const index = shardOfJob(this.#plan.id, jobId);
		if (index !== undefined && !this.#made.has(index)) this.#shards.set(index, readProgress(data));
	}

	onMade(jobId: string, result: unknown): void {
		const index = shardOfJob(this.#plan.id, jobId);
		if (index === undefined || !isMade(result)) return;
		this.#made.add(index);
		this.#shards.set(index, readProgress(result));
	}

	at({ state, madeCount, active }: ZipStatus, workerCount: number | undefined): ZipProgress {
		const { shardCount, sourceSize } = this.#plan;
		let sum = NOTHING;
		for (const [index, { contentSize, size, entryCount }] of this.#shards) {
			// One that was left begins again.
			if (!this.#made.has(index) && !active.includes(index)) continue;
			sum = {
				contentSize: sum.contentSize + contentSize,
				size: sum.size + size,
				entryCount: sum.entryCount + entryCount,
			};
		}
		const unseen = Math.max(0, madeCount - this.#made.size);
		const estimate = shardCount === 0 ? 0 : Math.round((sourceSize * unseen) / shardCount);
		const contentSize = Math.min(sourceSize, sum.contentSize + estimate);
		const activeCount = active.length;
		return { ...sum, state, shardCount, madeCount, activeCount, workerCount, sourceSize, contentSize };
	}
}

function readProgress(data: unknown): ShardProgress {
	if (typeof data !== "object" || data === null) return NOTHING;
	const facts: Partial<Record<string, unknown>> = { ...data };
	const number = (value: unknown) => (typeof value === "number" ? value : 0);
	return {
		contentSize: number(facts["contentSize"]),
		size: number(facts["size"]),
		entryCount: number(facts["entryCount"]),
	};
}
