import { abortLater } from "../async/abort-later.ts";
import { problemOf, StorageError } from "../errors.ts";
import { resolveOptions } from "../options/resolve-options.ts";
import { ArchiveError } from "../reader/archive-error.ts";
import type { Connection } from "../s3/connection.ts";
import { type StorageSettings, storageOf } from "../s3/options.ts";
import { discard } from "../storage/put/settle/discard.ts";
import { HURRIED_REMOVAL_MS } from "../storage/put/settle/hurry.ts";
import { VERIFY_ARCHIVE_SCHEMA } from "../verify/options.ts";
import type { ContentSample } from "../verify/pieces/content-choice.ts";
import { verifyResolved } from "../verify/verify-archive.ts";
import type { VerifyArchiveResult } from "../verify/verify-result.ts";
import type { UploadZipResult } from "./attempt.ts";
import type { StoredObject } from "./base/replace-object.ts";
import { retryTimeOf, type UploadSettings } from "./options.ts";
import type { CopiedRanges } from "./read-back/copied-ranges.ts";
import { sampleOfCopied } from "./read-back/copied-sample.ts";

/** How an archive is reached that is read back. */
export type ReadBackSettings = StorageSettings & Pick<UploadSettings, "signal" | "onEvent" | "retryTimeMs">;

/** How much of an archive is read back. */
export interface ReadBack {
	readonly level: NonNullable<UploadSettings["verify"]>;
	/** Entries that are looked into besides the structure. */
	readonly content?: ContentSample | undefined;
}

/** What was read back. */
export type ReadBackFacts = Pick<
	UploadZipResult,
	"verified" | "verifiedEntryCount" | "comparedEntryCount" | "verifiedSize"
>;

/** What an archive turns out to be when it is read back. */
export interface Examination {
	/** What is damaged, if anything is, seen twice. */
	readonly damage: StorageError | undefined;
	readonly facts: ReadBackFacts;
}

/**
 * How much is read back of an upload: what was copied was not seen by anybody here, so that some of it is looked at in any case.
 *
 * @param copied - What the storage has copied; known when the archive is complete.
 * @returns `undefined` for nothing.
 */
export function readBackOf(
	settings: Pick<UploadSettings, "verify" | "verifySample" | "retryTimeMs">,
	copied: CopiedRanges | undefined,
	connection: Connection,
): ReadBack | undefined {
	const { verify, verifySample: share } = settings;
	if (copied === undefined || copied.isEmpty || verify === "content")
		return verify === undefined ? undefined : { level: verify };
	const content = sampleOfCopied(copied, { share, connection, retryTimeMs: retryTimeOf(settings) });
	return { level: "structure", content };
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
	const { damage, facts } = await examineArchive(settings, stored, readBack);
	if (damage === undefined) return { ...stored, ...facts };
	throw await discard(connection, stored, stored, damage, abortLater(settings.signal, HURRIED_REMOVAL_MS));
}

/**
 * Reads an archive back that has been put. What was damaged on the way here only is not found a second time, and counts for nothing.
 *
 * @throws {StorageError} what the storage has refused with.
 */
export async function examineArchive(
	settings: ReadBackSettings,
	stored: StoredObject,
	how: ReadBack,
): Promise<Examination> {
	const first = await readBack(settings, stored, how);
	if (first.ok) return { damage: undefined, facts: factsOf(first, how) };
	const again = await readBack(settings, stored, how);
	if (again.ok) return { damage: undefined, facts: factsOf(again, how) };
	const { bucket, key } = stored;
	const [finding] = again.findings;
	const about = finding?.entryName === undefined ? "the archive" : `the entry "${finding.entryName}"`;
	const more = again.findingCount > 1 ? `, and ${again.findingCount - 1} more` : "";
	const problem = `s3://${bucket}/${key} is damaged: ${about} ${finding?.message}${more}`;
	return { damage: new StorageError("INTEGRITY", problem, { bucket, key }), facts: factsOf(again, how) };
}

function factsOf(
	{ contentCount, readSize, comparedCount }: ReadResult,
	{ level, content }: ReadBack,
): ReadBackFacts {
	const counts = { verifiedEntryCount: contentCount, comparedEntryCount: comparedCount };
	return { verified: level, ...(content === undefined ? {} : counts), verifiedSize: readSize };
}

interface ReadResult extends VerifyArchiveResult {
	/** Entries of which some bytes were compared with what they were copied from. */
	readonly comparedCount: number;
}

async function readBack(
	settings: ReadBackSettings,
	{ bucket, key, versionId, etag }: StoredObject,
	{ level, content }: ReadBack,
): Promise<ReadResult> {
	const { signal, onEvent, retryTimeMs } = settings;
	const options = resolveOptions(VERIFY_ARCHIVE_SCHEMA, {
		...storageOf(settings),
		...{ versionId, level, signal, onEvent, retryTimeMs },
	});
	const target = `s3://${bucket}/${key}`;
	try {
		let comparedCount = 0;
		const compare: ContentSample["compare"] = async (...what) => {
			const comparison = (await content?.compare(...what)) ?? "unknown";
			if (comparison !== "unknown") comparedCount++;
			return comparison;
		};
		const result = await verifyResolved(target, options, content && { ...content, compare });
		if (result.identity.type === "s3" && result.identity.etag !== etag) throw replaced(target);
		return { ...result, comparedCount };
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
