import pLimit from "p-limit";
import type { Connection } from "../../s3/connection.ts";
import { type DeleteFailure, deleteObjects } from "../../s3/objects/delete-objects.ts";
import { headObject } from "../../s3/objects/head-object.ts";
import type { RequestOptions } from "../../s3/objects/request-options.ts";
import type { KeyTemplate } from "../template/key-template.ts";
import { RECORD_SUFFIX } from "../template/own-objects.ts";
import type { BackupArchive } from "./archive-facts.ts";
import { PruneError, type PruneFailure, type PruneOutcome } from "./prune-error.ts";

export interface PruneOptions extends RequestOptions {
	/** Called before each batch of deletions; if it throws, nothing more is removed. */
	readonly beforeDelete?: (() => Promise<void>) | undefined;
	/** Told of each archive that is gone. */
	readonly onRemoved?: ((archive: BackupArchive) => void) | undefined;
}

/** Archives between two looks at whether the job is still ours. */
const BATCH_SIZE = 100;
/** Requests at once. */
const CONCURRENCY = 16;

/**
 * Removes archives, and their records after them; the oldest first, in batches. Each is looked at directly before: an
 * object that was replaced meanwhile is left alone. On a bucket that keeps versions they stay as versions.
 *
 * @param archives - Those that a plan removes.
 * @param now - That of the plan: a lock that lasts beyond it was set meanwhile.
 * @throws {PruneError} if something could not be removed: no further batch is begun then.
 * @throws what `beforeDelete` has thrown, or the reason of the signal
 */
export async function pruneArchives(
	connection: Connection,
	{ bucket }: Pick<KeyTemplate, "bucket">,
	archives: readonly BackupArchive[],
	now: Date,
	options: PruneOptions = {},
): Promise<PruneOutcome> {
	const { beforeDelete, onRemoved, signal } = options;
	const oldestFirst = [...archives].sort((a, b) => a.time.getTime() - b.time.getTime());
	const removed: BackupArchive[] = [];
	const spared: BackupArchive[] = [];
	for (let start = 0; start < oldestFirst.length; start += BATCH_SIZE) {
		signal?.throwIfAborted();
		await beforeDelete?.();
		const batch = oldestFirst.slice(start, start + BATCH_SIZE);
		const standing = await pLimit(CONCURRENCY).map(batch, async (archive) => {
			const standing = await lookAgain(connection, bucket, archive, now, options);
			if (standing === "other") spared.push(archive);
			return standing === "other" ? undefined : archive;
		});
		const goes = standing.filter((archive) => archive !== undefined);
		const failures = await remove(connection, bucket, goes, options, (archive) => {
			removed.push(archive);
			onRemoved?.(archive);
		});
		if (failures.length > 0) throw new PruneError(bucket, failures, outcomeOf(removed, spared));
	}
	return outcomeOf(removed, spared);
}

/**
 * Removes records whose archives are gone.
 *
 * @param archives - Keys of these archives.
 * @returns how many there were
 * @throws as {@link pruneArchives}
 */
export async function pruneRecords(
	connection: Connection,
	bucket: string,
	archives: readonly string[],
	options: PruneOptions = {},
): Promise<number> {
	if (archives.length === 0) return 0;
	options.signal?.throwIfAborted();
	await options.beforeDelete?.();
	// A listing is no picture of one moment.
	const heads = await pLimit(CONCURRENCY).map(archives, async (key) => ({
		key,
		head: await headObject(connection, { bucket, key }, options),
	}));
	const records = heads
		.filter(({ head }) => head === undefined)
		.map(({ key }) => ({ key: key + RECORD_SUFFIX }));
	const failures = await deleteObjects(connection, bucket, records, options);
	if (failures.length > 0) throw new PruneError(bucket, failures, outcomeOf([], []));
	return records.length;
}

async function lookAgain(
	connection: Connection,
	bucket: string,
	{ key, etag, versionId }: BackupArchive,
	now: Date,
	options: RequestOptions,
): Promise<"same" | "gone" | "other"> {
	const head = await headObject(connection, { bucket, key }, options);
	if (head === undefined) return "gone";
	if (head.etag !== etag || head.versionId !== versionId) return "other";
	const { lockedUntil, legalHold } = head;
	return legalHold || (lockedUntil !== undefined && lockedUntil > now) ? "other" : "same";
}

/** First archives, then the records of those that are gone. */
async function remove(
	connection: Connection,
	bucket: string,
	archives: readonly BackupArchive[],
	options: RequestOptions,
	onRemoved: (archive: BackupArchive) => void,
): Promise<readonly PruneFailure[]> {
	const objects = archives.map(({ key }) => ({ key }));
	const failures = await deleteObjects(connection, bucket, objects, options);
	const failed = keysOf(failures);
	const gone = archives.filter(({ key }) => !failed.has(key));
	for (const archive of gone) onRemoved(archive);
	const records = gone.flatMap(({ key, record }) =>
		record === undefined ? [] : [{ key: key + RECORD_SUFFIX }],
	);
	return [...failures, ...(await deleteObjects(connection, bucket, records, options))];
}

function keysOf(failures: readonly DeleteFailure[]): ReadonlySet<string> {
	return new Set(failures.map(({ key }) => key));
}

function outcomeOf(removed: readonly BackupArchive[], spared: readonly BackupArchive[]): PruneOutcome {
	// A bucket that has kept versions once numbers them.
	return { removed, spared, keepsVersions: removed.some(({ versionId }) => versionId !== undefined) };
}
