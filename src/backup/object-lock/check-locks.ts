import { InvalidOptionError, SourceError, StorageError } from "../../errors.ts";
import type { Warning } from "../../events.ts";
import type { Connection } from "../../s3/connection.ts";
import { isForbidden } from "../../s3/errors/refusals.ts";
import { getObjectRetention, hasObjectLock } from "../../s3/objects/object-retention.ts";
import { findArchive } from "../archives/find-archive.ts";
import type { ListArchivesOptions } from "../archives/list-archives.ts";
import type { ObjectLock } from "../job.ts";
import type { KeepPolicy } from "../retention/keep-policy.ts";
import type { KeyTemplate } from "../template/key-template.ts";
import { keepsForEver, type LockSettings } from "./plan-locks.ts";

/** What a job says about locks, before it is known to make sense. */
export interface GivenLocks extends Omit<LockSettings, "policy"> {
	readonly policy: KeepPolicy | undefined;
}

/**
 * Looks whether locks have dates.
 *
 * @throws {InvalidOptionError} without rules that say what is kept, without a schedule or an interval, and for rules that
 * never let go of an archive if nothing else ends the lock
 */
export function checkLockSettings(given: GivenLocks): LockSettings {
	const { lock, policy, schedule } = given;
	if (policy === undefined)
		throw refused("needs rules that say how long an archive is kept, such as to keep 7 daily ones");
	if (schedule === undefined && !isInterval(lock))
		throw refused("needs the time between two runs, as there is no schedule");
	const settings = { ...given, policy };
	if (keepsForEver(settings))
		throw refused("needs a longest time, as the rules keep archives for ever, or for more than 50 years");
	return settings;
}

/**
 * Looks, before anything is uploaded, whether archives can be locked in a bucket.
 *
 * @returns what to warn of: nobody can take back the first lock of a job in compliance mode
 * @throws {StorageError} if the bucket has no Object Lock
 */
export async function checkLocks(
	connection: Connection,
	template: KeyTemplate,
	{ mode }: ObjectLock,
	options: ListArchivesOptions = {},
): Promise<readonly Warning[]> {
	const { bucket } = template;
	if ((await hasObjectLock(connection, bucket, options)) === false) {
		const message = `s3://${bucket} has no Object Lock, so archives cannot be locked there; most storages have it only in buckets that were made with it`;
		throw new StorageError("STORAGE_REFUSED", message, { bucket });
	}
	if (mode !== "compliance" || (await hasComplianceLock(connection, template, options))) return [];
	const message = `archives under ${template.text} are locked in compliance mode from now on: until its date nobody can delete one, not even the owner of the account, and each is paid for that long`;
	return [{ code: "FIRST_COMPLIANCE_LOCK", message }];
}

/** Whether the newest archive has been locked so. */
async function hasComplianceLock(
	connection: Connection,
	template: KeyTemplate,
	options: ListArchivesOptions,
): Promise<boolean> {
	try {
		const { key, versionId } = await findArchive(connection, template, undefined, options);
		const address = { bucket: template.bucket, key };
		const retention = await getObjectRetention(connection, address, { ...options, versionId });
		return retention?.mode === "compliance";
	} catch (error) {
		if (error instanceof SourceError || isForbidden(error)) return false;
		throw error;
	}
}

function isInterval({ intervalMs }: ObjectLock): boolean {
	return intervalMs !== undefined && intervalMs > 0;
}

function refused(rule: string): InvalidOptionError {
	return new InvalidOptionError(`Object Lock ${rule}`, { option: "objectLock" });
}
