import { abortLater } from "../async/abort-later.ts";
import { problemOf, StorageError } from "../errors.ts";
import { resolveOptions } from "../options/resolve-options.ts";
import { ArchiveError } from "../reader/archive-error.ts";
import type { Connection } from "../s3/connection.ts";
import { STORAGE_FIELDS, type StorageSettings } from "../s3/options.ts";
import { discard } from "../storage/put/settle/discard.ts";
import { VERIFY_ARCHIVE_SCHEMA } from "../verify/options.ts";
import { verifyResolved } from "../verify/verify-archive.ts";
import type { VerifyArchiveResult } from "../verify/verify-result.ts";
import type { UploadZipResult } from "./attempt.ts";
import type { UploadSettings } from "./options.ts";

/** How long removing a damaged object may go on once the caller has given up. */
const HURRIED_MS = 5_000;

/**
 * Reads the archive back that has been put, and takes it back if it is damaged: nobody is to rely on it. What was damaged on the
 * way here only is not found a second time, and stays.
 *
 * @throws {StorageError} `INTEGRITY` if it is damaged, or what the storage has refused with.
 */
export async function verifyUpload(
	connection: Connection,
	settings: UploadSettings,
	level: NonNullable<UploadSettings["verify"]>,
	stored: UploadZipResult,
): Promise<void> {
	const { bucket, key, signal } = settings;
	const first = await readBack(settings, level, stored);
	if (first.ok) return;
	const again = await readBack(settings, level, stored);
	if (again.ok) return;
	const [finding] = again.findings;
	const about = finding?.entryName === undefined ? "the archive" : `the entry "${finding.entryName}"`;
	const more = again.findingCount > 1 ? `, and ${again.findingCount - 1} more` : "";
	const problem = `s3://${bucket}/${key} is damaged: ${about} ${finding?.message}${more}`;
	const error = new StorageError("INTEGRITY", problem, { bucket, key });
	const own = { versionId: stored.versionId, etag: stored.etag };
	throw await discard(connection, { bucket, key }, own, error, abortLater(signal, HURRIED_MS));
}

async function readBack(
	settings: UploadSettings,
	level: NonNullable<UploadSettings["verify"]>,
	{ bucket, key, versionId, etag }: UploadZipResult,
): Promise<VerifyArchiveResult> {
	const names = Object.keys(STORAGE_FIELDS) as (keyof StorageSettings)[]; // its keys
	const connect = Object.fromEntries(names.map((name) => [name, settings[name]]));
	const { signal, onEvent, retryTimeMs } = settings;
	const options = resolveOptions(VERIFY_ARCHIVE_SCHEMA, {
		...connect,
		...{ versionId, level, signal, onEvent, retryTimeMs },
	});
	const target = `s3://${bucket}/${key}`;
	try {
		const result = await verifyResolved(target, options);
		if (result.identity.type === "s3" && result.identity.etag !== etag) throw replaced(target);
		return result;
	} catch (error) {
		signal?.throwIfAborted();
		if (!(error instanceof StorageError)) throw error;
		throw new StorageError(
			error.code,
			`${target} is complete, but could not be read back: ${problemOf(error)}`,
			{ ...error.facts, cause: error },
		);
	}
}

function replaced(location: string): ArchiveError {
	return new ArchiveError("ARCHIVE_CHANGED", "another upload has replaced it before it could be read back", {
		location,
	});
}
