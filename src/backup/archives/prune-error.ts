import { messageOf, StorageError } from "../../errors.ts";
import { factsOf } from "../../s3/errors/refusals.ts";
import type { BackupArchive } from "./archive-facts.ts";

/** What has become of the archives that were to be removed. */
export interface PruneOutcome {
	/** Gone, the oldest first. */
	readonly removed: readonly BackupArchive[];
	/** Left alone: it is another object by now, or the storage has begun to hold it. */
	readonly spared: readonly BackupArchive[];
	/** Whether the bucket keeps what was removed, as versions that take space. */
	readonly keepsVersions: boolean;
}

/** Something that could not be removed. */
export interface PruneFailure {
	readonly key: string;
	readonly error: unknown;
}

/** Not everything could be removed. What was removed until then is gone. */
export class PruneError extends StorageError {
	readonly outcome: PruneOutcome;
	readonly failures: readonly PruneFailure[];

	constructor(bucket: string, failures: readonly PruneFailure[], outcome: PruneOutcome) {
		const [first] = failures;
		const error = first?.error;
		const code = error instanceof StorageError ? error.code : "STORAGE_REFUSED";
		const removedCount = outcome.removed.length;
		const done =
			removedCount === 0 ? "no archive was removed" : `${counted(removedCount, "archive")} removed before`;
		const message = `${counted(failures.length, "object")} could not be removed, s3://${bucket}/${first?.key} among them: ${messageOf(error)}; ${done}`;
		super(code, message, { ...factsOf(error), bucket, key: first?.key, cause: error });
		this.failures = failures;
		this.outcome = outcome;
	}
}

function counted(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
