import pLimit from "p-limit";
import { StorageError } from "../../errors.ts";
import type { Connection } from "../../s3/connection.ts";
import { isForbidden } from "../../s3/errors/refusals.ts";
import {
	getObjectRetention,
	type ObjectRetention,
	putObjectRetention,
} from "../../s3/objects/object-retention.ts";
import type { RequestOptions } from "../../s3/objects/request-options.ts";
import type { BackupArchive } from "../archives/archive-facts.ts";
import { lockedUntil } from "../archives/archive-state.ts";
import { updateRecord } from "../archives/record.ts";
import { type LockSettings, type PlannedLock, planLocks } from "./plan-locks.ts";

/** A lock that was set, or extended. */
export interface NewLock extends ObjectRetention {
	readonly archive: BackupArchive;
	/** Up to when it was locked before; `undefined` if it was not. */
	readonly before: Date | undefined;
}

/** Requests at once. */
const CONCURRENCY = 8;

/**
 * Locks the archives of a job, each up to the date on which the policy first drops it, and notes it in their records.
 * Dates that are later than they were, as runs have failed or were left out, extend the locks there; no lock
 * is ever shortened. A lock keeps the mode it has.
 *
 * @param archives - All of the job, as {@link listArchives} gives them: the new one, verified, among them.
 * @returns the locks that are new or longer, the oldest archive first
 * @throws {StorageError} if any archive could not be locked; the others are
 */
export async function lockArchives(
	connection: Connection,
	bucket: string,
	archives: readonly BackupArchive[],
	settings: LockSettings,
	options: RequestOptions = {},
): Promise<readonly NewLock[]> {
	const failures: { archive: BackupArchive; error: unknown }[] = [];
	const locks = await pLimit(CONCURRENCY).map(planLocks(archives, settings), async (planned) => {
		options.signal?.throwIfAborted();
		try {
			return await lockOne(connection, bucket, planned, settings, options);
		} catch (error) {
			options.signal?.throwIfAborted();
			failures.push({ archive: planned.archive, error });
			return undefined;
		}
	});
	const [first] = failures;
	if (first !== undefined) throw failure(bucket, first, failures.length);
	return locks.filter((lock) => lock !== undefined);
}

async function lockOne(
	connection: Connection,
	bucket: string,
	{ archive, until, atLeast }: PlannedLock,
	{ lock, now }: LockSettings,
	options: RequestOptions,
): Promise<NewLock | undefined> {
	const { key, versionId } = archive;
	const address = { bucket, key };
	if (archive.lockedUntil !== undefined && archive.lockedUntil >= atLeast) return undefined;
	const there = await currentLock(connection, bucket, archive, now, options);
	if (there !== undefined && there.until >= atLeast) return undefined;
	const retention = { mode: there?.mode ?? lock.mode, until };
	await putObjectRetention(connection, address, retention, { ...options, versionId });
	const note = { at: now.toISOString(), mode: retention.mode, until: until.toISOString() };
	const addNote = (record: NonNullable<BackupArchive["record"]>) => ({
		...record,
		locks: [...record.locks, note],
	});
	await updateRecord(connection, bucket, archive, addNote, options);
	return { archive, ...retention, before: there?.until };
}

/** The lock that an archive has now. Who may set locks, but not see them, goes by what was noted. */
async function currentLock(
	connection: Connection,
	bucket: string,
	archive: BackupArchive,
	now: Date,
	options: RequestOptions,
): Promise<ObjectRetention | undefined> {
	const { key, versionId, record } = archive;
	try {
		const retention = await getObjectRetention(connection, { bucket, key }, { ...options, versionId });
		return retention !== undefined && retention.until > now ? retention : undefined;
	} catch (error) {
		if (!isForbidden(error)) throw error;
		const until = lockedUntil(archive, now);
		const mode = record?.locks.at(-1)?.mode;
		return until === undefined || mode === undefined ? undefined : { mode, until };
	}
}

function failure(
	bucket: string,
	{ archive, error }: { readonly archive: BackupArchive; readonly error: unknown },
	count: number,
): unknown {
	if (!(error instanceof StorageError)) return error;
	const others = count === 1 ? "" : `, and ${count - 1} more`;
	const message = `s3://${bucket}/${archive.key} is there and verified, but could not be locked${others}: ${error.message}`;
	return new StorageError(error.code, message, { ...error.facts, cause: error });
}
