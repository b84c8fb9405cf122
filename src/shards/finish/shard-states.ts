import pLimit from "p-limit";
import { StorageError } from "../../errors.ts";
import { listObjects } from "../../s3/objects/list-objects.ts";
import {
	type ListedPart,
	listUploadedParts,
	type UploadedParts,
} from "../../storage/incomplete/uploaded-parts.ts";
import { readSliceHead, type StoredSlice } from "../helper-objects.ts";
import type { Manifest, Shard } from "../manifest.ts";
import type { PlanStorage } from "../plan-storage.ts";
import { shardsPrefix, sliceKey } from "../shard-keys.ts";

/** What the storage holds of a shard. */
export type ShardState =
	| { readonly state: "missing" }
	/** Its slice, or a part, is not what was written. */
	| { readonly state: "damaged" }
	| { readonly state: "made"; readonly slice: StoredSlice };

/** What the storage holds of an archive that is being made. */
export interface ShardStates {
	/** By index. */
	readonly shards: readonly ShardState[];
	/** `undefined` if the upload is gone. */
	readonly uploaded: UploadedParts | undefined;
}

/** Slices that are read at once. */
const CONCURRENCY = 16;

/**
 * Looks at everything that workers have left: slices, and the parts that they name. Nothing else is asked, so whatever has become of
 * a queue, this is the truth.
 *
 * @throws {StorageError}
 */
export async function shardStates(storage: PlanStorage, manifest: Manifest): Promise<ShardStates> {
	const there = await findSlices(storage);
	const slices = await pLimit(CONCURRENCY).map(manifest.shards, (_, index) =>
		there.has(index) ? readSlice(storage, index) : undefined,
	);
	// The slices first: a part that comes again meanwhile is seen.
	const uploaded = await uploadedParts(storage);
	const parts = new Map(uploaded?.parts.map((part) => [part.partNumber, part]));
	const shards = manifest.shards.map((shard, index): ShardState => {
		const slice = slices[index];
		if (slice === undefined) return { state: "missing" };
		const isLast = index === manifest.shards.length - 1;
		if (slice === "damaged" || !isHeld(shard, slice, parts, isLast)) return { state: "damaged" };
		return { state: "made", slice };
	});
	return { shards, uploaded };
}

/**
 * The parts that the upload of an archive holds.
 *
 * @returns `undefined` if it is gone
 * @throws {StorageError} also if the credentials may not list them.
 */
export async function uploadedParts({
	connection,
	plan: { bucket, key, uploadId },
	requests: { signal, retryTimeMs },
	onEvent,
}: PlanStorage): Promise<UploadedParts | undefined> {
	const onRetry = (operation: string, reason: string, waitMs: number) =>
		onEvent({ type: "retry", operation, reason, waitMs });
	const uploaded = await listUploadedParts(connection, bucket, { key, uploadId }, signal, {
		retryTimeMs,
		onRetry,
	});
	if (uploaded !== "refused") return uploaded;
	const problem = `the parts of s3://${bucket}/${key} cannot be listed: the credentials need s3:ListMultipartUploadParts`;
	throw new StorageError("STORAGE_REFUSED", problem, { bucket, key, operation: "ListParts" });
}

/** Shards that have a slice, by their index. */
async function findSlices({ connection, plan, requests }: PlanStorage): Promise<ReadonlySet<number>> {
	const prefix = `${shardsPrefix(plan)}slices/`;
	const found = new Set<string>();
	for await (const { objects } of listObjects(connection, { bucket: plan.bucket, prefix }, requests))
		for (const { key } of objects) found.add(key);
	const indexes = new Set<number>();
	for (let index = 0; index < plan.shardCount; index++)
		if (found.has(sliceKey(plan, index))) indexes.add(index);
	return indexes;
}

async function readSlice(
	{ connection, plan, requests }: PlanStorage,
	index: number,
): Promise<StoredSlice | "damaged" | undefined> {
	try {
		return await readSliceHead(connection, plan, index, requests);
	} catch (error) {
		if (error instanceof StorageError && error.code === "INTEGRITY") return "damaged";
		throw error;
	}
}

/** Whether the upload holds exactly what the slice says, and that is what the shard was to be. */
function isHeld(
	{ firstPart, partCount, entryCount }: Shard,
	{ parts, size, tailSize, ...slice }: StoredSlice,
	uploaded: ReadonlyMap<number, ListedPart>,
	isLast: boolean,
): boolean {
	let before = firstPart - 1;
	let sum = tailSize;
	for (const { partNumber, size, etag } of parts) {
		const there = uploaded.get(partNumber);
		if (partNumber <= before || there?.etag !== etag || there.size !== size) return false;
		before = partNumber;
		sum += size;
	}
	return (
		before < firstPart + partCount &&
		sum === size &&
		slice.entryCount === entryCount &&
		(isLast || tailSize === 0)
	);
}
