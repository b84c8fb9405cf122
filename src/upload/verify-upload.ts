import { abortLater } from "../async/abort-later.ts";
import type { Copied } from "../compose/copied.ts";
import { problemOf, StorageError } from "../errors.ts";
import { resolveOptions } from "../options/resolve-options.ts";
import { ArchiveError } from "../reader/archive-error.ts";
import type { Connection } from "../s3/connection.ts";
import { type StorageSettings, storageOf } from "../s3/options.ts";
import { discard } from "../storage/put/settle/discard.ts";
import { VERIFY_ARCHIVE_SCHEMA } from "../verify/options.ts";
import type { EntrySample } from "../verify/pieces/sampled-pieces.ts";
import { verifyResolved } from "../verify/verify-archive.ts";
import type { VerifyArchiveResult } from "../verify/verify-result.ts";
import type { UploadZipResult } from "./attempt.ts";
import { sampleOfCopied } from "./base/copied-sample.ts";
import type { StoredObject } from "./base/replace-object.ts";
import type { UploadSettings } from "./options.ts";

/** How long removing a damaged object may go on once the caller has given up. */
const HURRIED_MS = 5_000;

/** How an archive is reached that is read back. */
export type ReadBackSettings = StorageSettings & Pick<UploadSettings, "signal" | "onEvent" | "retryTimeMs">;

/** How much of an archive is read back. */
export interface ReadBack {
	readonly level: NonNullable<UploadSettings["verify"]>;
	/** Entries whose content is read besides the structure. */
	readonly content?: EntrySample | undefined;
}

/**
 * How much is read back of an upload: what was copied was not seen by anybody here, so that some of it is looked at in any case.
 *
 * @returns `undefined` for nothing.
 */
export function readBackOf(
	{ verify, verifySample }: Pick<UploadSettings, "verify" | "verifySample">,
	copied: Copied | undefined,
): ReadBack | undefined {
	if (copied === undefined || copied.entryCount === 0 || verify === "content")
		return verify === undefined ? undefined : { level: verify };
	return { level: "structure", content: sampleOfCopied(copied, verifySample) };
}

/** What a result says of it. */
export function verifiedBy({
	level,
	content,
}: ReadBack): Pick<UploadZipResult, "verified" | "verifiedEntryCount"> {
	return {
		verified: level,
		...(content === undefined ? {} : { verifiedEntryCount: content.wanted }),
	};
}

/**
 * Reads the archive back that has been put, and takes it back if it is damaged: nobody is to rely on it.
 *
 * @throws {StorageError} `INTEGRITY` if it is damaged, or what the storage has refused with.
 */
export async function verifyUpload(
	connection: Connection,
	settings: UploadSettings,
	readBack: ReadBack,
	stored: UploadZipResult,
): Promise<UploadZipResult> {
	const damage = await examineArchive(settings, stored, readBack);
	if (damage === undefined) return { ...stored, ...verifiedBy(readBack) };
	throw await discard(connection, stored, stored, damage, abortLater(settings.signal, HURRIED_MS));
}

/**
 * Reads an archive back that has been put. What was damaged on the way here only is not found a second time, and counts for nothing.
 *
 * @returns what is damaged, if anything is.
 * @throws {StorageError} what the storage has refused with.
 */
export async function examineArchive(
	settings: ReadBackSettings,
	stored: StoredObject,
	how: ReadBack,
): Promise<StorageError | undefined> {
	const first = await readBack(settings, stored, how);
	if (first.ok) return undefined;
	const again = await readBack(settings, stored, how);
	if (again.ok) return undefined;
	const { bucket, key } = stored;
	const [finding] = again.findings;
	const about = finding?.entryName === undefined ? "the archive" : `the entry "${finding.entryName}"`;
	const more = again.findingCount > 1 ? `, and ${again.findingCount - 1} more` : "";
	const problem = `s3://${bucket}/${key} is damaged: ${about} ${finding?.message}${more}`;
	return new StorageError("INTEGRITY", problem, { bucket, key });
}

async function readBack(
	settings: ReadBackSettings,
	{ bucket, key, versionId, etag }: StoredObject,
	{ level, content }: ReadBack,
): Promise<VerifyArchiveResult> {
	const { signal, onEvent, retryTimeMs } = settings;
	const options = resolveOptions(VERIFY_ARCHIVE_SCHEMA, {
		...storageOf(settings),
		...{ versionId, level, signal, onEvent, retryTimeMs },
	});
	const target = `s3://${bucket}/${key}`;
	try {
		const result = await verifyResolved(target, options, content);
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
