import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { ShardSteps } from "../../src/queue/shard-steps.ts";
import type { ShardPlan } from "../../src/shards/shard-plan.ts";

/** Shards that are in no storage. */
export interface FakeShards extends ShardSteps {
	/** Indexes, in the order in which they were made; `finish` for the archive. */
	readonly log: (number | "finish" | "abort")[];
	readonly made: Set<number>;
	/** What making one does instead, by index; a promise is waited for. */
	readonly trouble: Map<number, (attempt: number) => Promise<void> | void>;
}

const SIZE = 1_000;

function fakePlan(shardCount: number): ShardPlan {
	const id = randomBytes(16).toString("hex");
	const sizes = { entryCount: shardCount * 10, sourceSize: shardCount * SIZE };
	return { version: 1, id, bucket: "demo", key: "photos.zip", uploadId: "u1", shardCount, ...sizes };
}

export function fakeShards(shardCount: number): FakeShards {
	const log: FakeShards["log"] = [];
	const made = new Set<number>();
	const attempts = new Map<number, number>();
	const trouble: FakeShards["trouble"] = new Map();
	let state: "incomplete" | "complete" | "gone" = "incomplete";
	const all = Array.from({ length: shardCount }, (_, index) => index);
	return {
		...{ log, made, trouble },
		async plan() {
			return fakePlan(shardCount);
		},
		async make(_plan, index, { signal }) {
			const attempt = (attempts.get(index) ?? 0) + 1;
			attempts.set(index, attempt);
			const begun = trouble.get(index)?.(attempt);
			if (begun !== undefined) await Promise.race([begun, delay(600_000, undefined, { signal })]);
			const alreadyMade = made.has(index);
			made.add(index);
			log.push(index);
			return {
				index,
				size: SIZE / 2,
				entryCount: 10,
				partCount: 1,
				...{ contentSize: SIZE, copiedEntryCount: 0, copiedSize: 0 },
				alreadyMade,
				over: false,
			};
		},
		async finish({ bucket, key }) {
			log.push("finish");
			state = "complete";
			const numbers = { size: (shardCount * SIZE) / 2, entryCount: shardCount * 10, partCount: shardCount };
			const copied = { copiedEntryCount: 0, copiedSize: 0 };
			const facts = { ...copied, etag: "e", versionId: undefined, zip64: false, alreadyComplete: false };
			return { bucket, key, ...numbers, ...facts, remadeShards: [], warnings: [] };
		},
		async abort() {
			log.push("abort");
			state = "gone";
			return { bucket: "demo", key: "photos.zip", aborted: true, complete: false, removedCount: made.size };
		},
		async status(plan) {
			const { bucket, key, entryCount, sourceSize } = plan;
			return {
				...{ bucket, key, state, shardCount, entryCount, sourceSize, damaged: [] },
				made: [...made],
				missing: all.filter((index) => !made.has(index)),
				...{ partCount: made.size, uploadedSize: (made.size * SIZE) / 2 },
			};
		},
	};
}
