import { resolveOptions } from "../../options/resolve-options.ts";
import { findManifest } from "../helper-objects.ts";
import type { Manifest } from "../manifest.ts";
import { SHARDS_SCHEMA, type ShardsOptions } from "../options.ts";
import { type PlanStorage, withPlanStorage } from "../plan-storage.ts";
import type { ShardPlan } from "../shard-plan.ts";
import { findFinished, partCountOf } from "./find-finished.ts";
import { type ShardState, shardStates } from "./shard-states.ts";

/** How far an archive of shards is. */
export interface ShardsStatus {
	/** Of the archive. */
	readonly bucket: string;
	/** Of the archive. */
	readonly key: string;
	/**
	 * - `"incomplete"`: it is being made, or can be made and finished.
	 * - `"complete"`: it was finished.
	 * - `"gone"`: it was aborted, or its upload was removed; or this is not the storage that it was planned in.
	 */
	readonly state: "incomplete" | "complete" | "gone";
	/** Shards that the archive is made of. */
	readonly shardCount: number;
	/** Shards that are made, by their index. */
	readonly made: readonly number[];
	/** Shards that are still to be made. */
	readonly missing: readonly number[];
	/** Shards whose slice or parts are not what their workers have written; to finish makes them again. */
	readonly damaged: readonly number[];
	/** Parts that the upload holds; once it is complete, those of the archive, `undefined` if its ETag does not tell. */
	readonly partCount: number | undefined;
	/** Bytes of these parts; once it is complete, of the archive. */
	readonly uploadedSize: number;
	/** Entries of the archive. */
	readonly entryCount: number;
	/** Bytes of all files in it. */
	readonly sourceSize: number;
}

/**
 * Looks how far an archive of shards is, by what the storage holds and nothing else: it does not matter what has become of the workers,
 * or of the queue that has started them.
 *
 * @throws {@link InvalidOptionError} for options out of range, or what is no plan.
 * @throws {@link StorageError} if the storage refuses or cannot be reached, or holds a manifest that is damaged.
 */
export async function shardsStatus(plan: ShardPlan, options: ShardsOptions = {}): Promise<ShardsStatus> {
	return withPlanStorage(plan, resolveOptions(SHARDS_SCHEMA, options), look);
}

async function look(storage: PlanStorage): Promise<ShardsStatus> {
	const { connection, plan, firstRequest } = storage;
	const manifest = await findManifest(connection, plan, firstRequest);
	const incomplete = manifest === undefined ? undefined : await lookAtShards(storage, manifest);
	return incomplete ?? (await lookAtArchive(storage));
}

/** @returns `undefined` if the upload is gone */
async function lookAtShards(storage: PlanStorage, manifest: Manifest): Promise<ShardsStatus | undefined> {
	const { shards, uploaded } = await shardStates(storage, manifest);
	if (uploaded === undefined) return undefined;
	const inState = (state: ShardState["state"]) =>
		shards.flatMap((shard, index) => (shard.state === state ? [index] : []));
	return {
		...factsOf(storage.plan),
		state: "incomplete",
		made: inState("made"),
		missing: inState("missing"),
		damaged: inState("damaged"),
		partCount: uploaded.parts.length,
		uploadedSize: uploaded.size,
	};
}

async function lookAtArchive(storage: PlanStorage): Promise<ShardsStatus> {
	const head = await findFinished(storage);
	const all = Array.from({ length: storage.plan.shardCount }, (_, index) => index);
	const facts = { ...factsOf(storage.plan), damaged: [] };
	if (head === undefined)
		return { ...facts, state: "gone", made: [], missing: all, partCount: 0, uploadedSize: 0 };
	const partCount = partCountOf(head.etag);
	return { ...facts, state: "complete", made: all, missing: [], partCount, uploadedSize: head.size };
}

function factsOf({ bucket, key, shardCount, entryCount, sourceSize }: ShardPlan) {
	return { bucket, key, shardCount, entryCount, sourceSize };
}
