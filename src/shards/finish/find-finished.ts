import { headObject, type ObjectHead } from "../../s3/objects/head-object.ts";
import type { PlanStorage } from "../plan-storage.ts";
import { SHARDS_MARK } from "../shard-keys.ts";

/** Parts that an object was made of, if its ETag tells. */
export function partCountOf(etag: string): number | undefined {
	const [, count] = /-(\d+)$/.exec(etag) ?? [];
	return count === undefined ? undefined : Number(count);
}

/**
 * The archive of a plan, if it is complete: its upload wrote the id of the plan into its metadata.
 *
 * @returns `undefined` if there is no object, or another one
 * @throws {StorageError}
 */
export async function findFinished({
	connection,
	plan,
	requests,
}: PlanStorage): Promise<ObjectHead | undefined> {
	const head = await headObject(connection, plan, requests);
	return head?.metadata[SHARDS_MARK] === plan.id ? head : undefined;
}
