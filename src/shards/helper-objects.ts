import * as v from "valibot";
import { crc32 } from "../bytes/crc32.ts";
import { MiB } from "../bytes/units.ts";
import { StorageError } from "../errors.ts";
import type { Connection } from "../s3/connection.ts";
import { isOutOfRange } from "../s3/errors/refusals.ts";
import { deleteObjects } from "../s3/objects/delete-objects.ts";
import { getRange } from "../s3/objects/get-range.ts";
import { getSmall } from "../s3/objects/get-small.ts";
import { headObject } from "../s3/objects/head-object.ts";
import { listObjects } from "../s3/objects/list-objects.ts";
import { putSmall } from "../s3/objects/put-small.ts";
import type { RequestOptions } from "../s3/objects/request-options.ts";
import { readFirstLine } from "./format/first-line.ts";
import { MANIFEST } from "./format/manifest-schema.ts";
import { openSealed, sealJson } from "./format/sealed-json.ts";
import { SLICE_HEAD } from "./format/slice-schema.ts";
import type { Manifest } from "./manifest.ts";
import { noManifest } from "./over.ts";
import { checkVersion } from "./plan-schema.ts";
import { manifestKey, shardsPrefix, sliceKey } from "./shard-keys.ts";
import type { ShardPlan } from "./shard-plan.ts";
import type { SliceHead } from "./slice.ts";

/** A slice that is there. */
export interface StoredSlice extends SliceHead {
	/** Bytes before those of the central directory. */
	readonly headSize: number;
}

/** One line for each shard and page: those of ten million entries take less than a hundredth of it. */
const MAX_MANIFEST_SIZE = 64 * MiB;

/**
 * Puts the manifest of an archive: workers find their shards from then on.
 *
 * @throws {StorageError}
 */
export async function writeManifest(
	connection: Connection,
	manifest: Manifest,
	options: RequestOptions = {},
): Promise<void> {
	const address = { bucket: manifest.bucket, key: manifestKey(manifest) };
	const body = Buffer.from(`${sealJson(manifest)}\n`);
	await putSmall(connection, address, body, { ...options, contentType: "application/json" });
}

/**
 * Reads the manifest of a plan.
 *
 * @throws {ShardsError} `SHARDS_OVER` if there is none.
 * @throws {StorageError} `INTEGRITY` if it is damaged, or not that of the plan.
 */
export async function readManifest(
	connection: Connection,
	plan: ShardPlan,
	options: RequestOptions = {},
): Promise<Manifest> {
	const manifest = await findManifest(connection, plan, options);
	if (manifest !== undefined) return manifest;
	throw noManifest(plan);
}

/**
 * Reads the manifest of a plan.
 *
 * @returns `undefined` if there is none: the archive was finished or aborted, or the storage is another one.
 * @throws {StorageError} `INTEGRITY` if it is damaged, or not that of the plan.
 */
export async function findManifest(
	connection: Connection,
	plan: ShardPlan,
	options: RequestOptions = {},
): Promise<Manifest | undefined> {
	const manifest = await findManifestAt(connection, plan, options);
	const { uploadId = plan.uploadId, shardCount = plan.shardCount } = manifest ?? {};
	if (uploadId !== plan.uploadId || shardCount !== plan.shardCount)
		throw damaged({ bucket: plan.bucket, key: manifestKey(plan) }, "it contradicts the plan that was given");
	return manifest;
}

/**
 * {@link findManifest}, where no more is known of the plan than where its manifest is.
 *
 * @throws {InvalidOptionError} if another version of this program has planned in another format.
 */
export async function findManifestAt(
	connection: Connection,
	plan: Pick<ShardPlan, "bucket" | "key" | "id">,
	options: RequestOptions = {},
): Promise<Manifest | undefined> {
	const address = { bucket: plan.bucket, key: manifestKey(plan) };
	const found = await getSmall(connection, address, { ...options, maxSize: MAX_MANIFEST_SIZE });
	if (found === undefined) return undefined;
	const text = found === "too-large" ? "" : Buffer.from(found.bytes).toString().trimEnd();
	const opened = openSealed(text);
	checkVersion(opened);
	const manifest = v.safeParse(MANIFEST, opened);
	if (!manifest.success) throw damaged(address, "it is not what was written");
	const { id, bucket, key } = manifest.output;
	if (id !== plan.id || bucket !== plan.bucket || key !== plan.key)
		throw damaged(address, "it is that of another plan");
	return manifest.output;
}

/** Whether the archive is still to be finished: its manifest is there. */
export async function isUnderWay(
	connection: Connection,
	plan: ShardPlan,
	options: RequestOptions = {},
): Promise<boolean> {
	const address = { bucket: plan.bucket, key: manifestKey(plan) };
	return (await headObject(connection, address, options)) !== undefined;
}

/**
 * Puts the slice of a shard, whose parts are all there.
 *
 * @param directory - Central directory headers of the shard.
 * @param tail - Empty but for the last shard.
 * @throws {StorageError}
 */
export async function writeSlice(
	connection: Connection,
	plan: ShardPlan,
	head: SliceHead,
	directory: Iterable<Uint8Array>,
	tail: Uint8Array,
	options: RequestOptions = {},
): Promise<void> {
	const address = { bucket: plan.bucket, key: sliceKey(plan, head.index) };
	const body = Buffer.concat([Buffer.from(`${sealJson(head)}\n`), ...directory, tail]);
	await putSmall(connection, address, body, options);
}

/** Removes the slice of a shard, so that it counts as not made. What was not there counts as removed. */
export async function removeSlice(
	connection: Connection,
	plan: ShardPlan,
	index: number,
	options: RequestOptions = {},
): Promise<void> {
	await removeObjects(connection, plan.bucket, [sliceKey(plan, index)], options);
}

/**
 * Reads what the slice of a shard begins with.
 *
 * @returns `undefined` if there is no slice: the shard is not made yet
 * @throws {StorageError} `INTEGRITY` if it is damaged, or that of another shard.
 */
export async function readSliceHead(
	connection: Connection,
	plan: ShardPlan,
	index: number,
	options: RequestOptions = {},
): Promise<StoredSlice | undefined> {
	const address = { bucket: plan.bucket, key: sliceKey(plan, index) };
	const line = await readFirstLine(connection, address, options);
	if (line === undefined) return undefined;
	const head = v.safeParse(SLICE_HEAD, openSealed(line.toString()));
	if (!head.success) throw damaged(address, "its first line is not what was written");
	if (head.output.plan !== plan.id || head.output.index !== index)
		throw damaged(address, "it is that of another shard");
	return { ...head.output, headSize: line.byteLength + 1 };
}

/**
 * Reads a slice: the central directory of the shard, then its tail.
 *
 * @throws {StorageError} `INTEGRITY`, behind the last chunk, if these were not the bytes that were written.
 */
export async function* readSlice(
	connection: Connection,
	plan: ShardPlan,
	head: StoredSlice,
	options: RequestOptions = {},
): AsyncGenerator<Uint8Array, void, void> {
	const address = { bucket: plan.bucket, key: sliceKey(plan, head.index) };
	const start = head.headSize;
	const end = start + head.directorySize + head.tailSize;
	if (end === start) return;
	const reading = await getRange(connection, address, { start, end }, options).catch((error: unknown) => {
		throw isOutOfRange(error) ? damaged(address, "it ends too early") : error;
	});
	let hash = 0;
	for await (const chunk of reading.chunks) {
		hash = crc32(chunk, hash);
		yield chunk;
	}
	if (hash !== head.crc32 || reading.end !== end || reading.size !== end)
		throw damaged(address, "its bytes are not what was written");
}

/**
 * Removes all helper objects of a plan. The manifest goes first: a worker that writes a slice from then on sees that it is gone, and
 * removes the slice itself, so nothing is left in whatever order they come.
 *
 * @returns number of objects that were removed
 * @throws {StorageError} if some could not be removed
 */
export async function removeHelpers(
	connection: Connection,
	plan: ShardPlan,
	options: RequestOptions = {},
): Promise<number> {
	const { bucket } = plan;
	const manifest = manifestKey(plan);
	const hadManifest = (await headObject(connection, { bucket, key: manifest }, options)) !== undefined;
	if (hadManifest) await removeObjects(connection, bucket, [manifest], options);
	let count = hadManifest ? 1 : 0;
	for await (const { objects } of listObjects(connection, { bucket, prefix: shardsPrefix(plan) }, options)) {
		const keys = objects.map(({ key }) => key);
		await removeObjects(connection, bucket, keys, options);
		count += keys.length;
	}
	return count;
}

async function removeObjects(
	connection: Connection,
	bucket: string,
	keys: readonly string[],
	options: RequestOptions,
): Promise<void> {
	const objects = keys.map((key) => ({ key }));
	const [failure] = await deleteObjects(connection, bucket, objects, options);
	if (failure !== undefined) throw failure.error;
}

function damaged(address: { readonly bucket: string; readonly key: string }, reason: string): StorageError {
	return new StorageError(
		"INTEGRITY",
		`s3://${address.bucket}/${address.key} is damaged: ${reason}`,
		address,
	);
}
