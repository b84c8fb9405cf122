import type { ShardPlan } from "./shard-plan.ts";

/*
 * The objects beside an archive that is being made of shards:
 *
 *   photos.zip.zipferry-shards/<id>/manifest.json
 *   photos.zip.zipferry-shards/<id>/entries/000000
 *   photos.zip.zipferry-shards/<id>/slices/000000
 */

/** Ends the key of the archive in all of them. */
const SHARDS_SUFFIX = ".zipferry-shards/";

/** Metadata of the archive from the start of its upload: the id of its plan, by which it is known when it is complete. */
export const SHARDS_MARK = "zipferry-shards";

/** What all helper objects of a plan begin with. */
export function shardsPrefix({ key, id }: Pick<ShardPlan, "key" | "id">): string {
	return `${key}${SHARDS_SUFFIX}${id}/`;
}

export function manifestKey(plan: Pick<ShardPlan, "key" | "id">): string {
	return `${shardsPrefix(plan)}manifest.json`;
}

/** The plan whose manifest has this key; `undefined` if no manifest can have it. */
export function planOfManifest(key: string): Pick<ShardPlan, "key" | "id"> | undefined {
	const [, archive, id] = /^(.+)\.zipferry-shards\/([\da-f]{32})\/manifest\.json$/s.exec(key) ?? [];
	return archive === undefined || id === undefined ? undefined : { key: archive, id };
}

/** @param index - From 0. */
export function pageKey(plan: Pick<ShardPlan, "key" | "id">, index: number): string {
	return `${shardsPrefix(plan)}entries/${sixDigits(index)}`;
}

/** @param index - Of the shard. */
export function sliceKey(plan: Pick<ShardPlan, "key" | "id">, index: number): string {
	return `${shardsPrefix(plan)}slices/${sixDigits(index)}`;
}

function sixDigits(index: number): string {
	return String(index).padStart(6, "0");
}
