import { SourceError, StorageError } from "../errors.ts";
import { ArchiveError } from "../reader/archive-error.ts";
import type { SourceSettings } from "./options.ts";

/** What the options say of entries that cannot be read. */
export type Skipping = Pick<SourceSettings, "skipErrors" | "skipMissing">;

/** Whether an entry is left out instead of failing the archive. */
export function isToLeaveOut(error: unknown, { skipErrors, skipMissing }: Skipping): boolean {
	return skipErrors ? !endsTheRun(error) : skipMissing && isMissing(error);
}

/**
 * Whether it says more than that one entry cannot be read. A command may have given a part of its data, or the database
 * it reads is not there; and of a storage that cannot be reached, or an archive that was replaced, all entries would be
 * left out, one by one.
 */
function endsTheRun(error: unknown): boolean {
	if (error instanceof StorageError) return OF_THE_STORAGE.has(error.code);
	if (!(error instanceof SourceError)) return false;
	const isReplaced = error.code === "SOURCE_CHANGED" && error.cause instanceof ArchiveError;
	return isReplaced || error.code === "COMMAND_FAILED";
}

const OF_THE_STORAGE: ReadonlySet<StorageError["code"]> = new Set([
	"NETWORK",
	"NO_CREDENTIALS",
	"NO_SUCH_BUCKET",
]);

function isMissing(error: unknown): boolean {
	return error instanceof SourceError && error.code === "SOURCE_NOT_FOUND";
}
