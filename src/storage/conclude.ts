import { DeleteObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { StorageError } from "../errors.ts";
import { ABORT_TIME_MS, abortUpload } from "./abort-upload.ts";
import type { Connection } from "./client.ts";
import { abortLostUploads } from "./lost-uploads.ts";
import { otherParams } from "./object-params.ts";
import { unquote } from "./part-receipt.ts";
import { proveObject } from "./proof.ts";
import { withRetries } from "./retry.ts";
import { readSdkError } from "./sdk-error.ts";
import { toStorageError } from "./storage-errors.ts";
import type { KeptParts, PutRequest, PutResult } from "./transport.ts";
import { isGoneError, isInvalidPartError } from "./unfit-upload.ts";
import type { UploadSession } from "./upload-session.ts";

/** When the caller waits to stop: all in all no more than ten seconds. */
const HURRIED_MS = 4_000;
/** How long it is tried to take an object back. */
const UNDO = { budgetMs: 10_000 } as const;

/**
 * Ends an upload in one of two states: the object is there and is what was sent, or nothing of the upload
 * is left. What the storage holds decides, not what it answered: answers get lost.
 */
export async function conclude(
	connection: Connection,
	request: PutRequest,
	session: UploadSession,
): Promise<Omit<PutResult, "hash">> {
	await session.settled();
	const failed = session.stop.aborted && session.committed === undefined;
	if (failed && !session.outcomeUnknown) throw await failure(connection, request, session);
	const { expectation, partCount, committed } = session;
	const { address, signal } = request;
	const { left } = committed === undefined ? NOTHING_LEFT : await removeUploads(connection, request, session);
	const retryTimeMs = signal?.aborted ? HURRIED_MS : request.retryTimeMs;
	try {
		const { etag, versionId, head } = await proveObject(
			connection,
			{ address, retryTimeMs },
			expectation,
			committed !== undefined,
		);
		// Without a hash to compare, an object of the right size may be an older one.
		if (failed && expectation.etag === undefined && expectation.crc32 === undefined)
			throw session.stop.reason;
		const unfinished = failed ? (await removeUploads(connection, request, session)).left : left;
		const stored = { size: expectation.size, etag, versionId: committed?.versionId ?? versionId };
		const differences = request.resume === undefined ? [] : otherParams(request.object, head);
		return { ...stored, partCount, unfinished, resumed: session.resumed, differences };
	} catch (error) {
		if (failed) throw await failure(connection, request, session, error);
		if (error instanceof StorageError && error.code === "INTEGRITY")
			throw await discard(connection, request, session, error);
		throw unproven(toStorageError(error, "HeadObject", request.address));
	}
}

/** The storage has said that it holds the object, but not let us look at it. */
function unproven(error: unknown): unknown {
	if (!(error instanceof StorageError)) return error;
	const { code, message, facts } = error;
	return new StorageError(
		code,
		`${message}; the storage has confirmed the upload, so the object is probably there, only not checked`,
		facts,
	);
}

/** Uploads in parts that are still there. */
interface Leftovers {
	/** Ids of those that could not be removed. */
	readonly left: readonly string[];
	/** The answer that had the id of one got lost, and looking for it was not possible. */
	readonly mayBeMore: boolean;
}

const NOTHING_LEFT: Leftovers = { left: [], mayBeMore: false };

/** Removes all uploads of this run but a completed one, which is none any more. */
async function removeUploads(
	connection: Connection,
	{ address, signal }: PutRequest,
	{ openUploadId, lostCreate }: UploadSession,
	kept?: KeptParts,
): Promise<Leftovers> {
	const timeoutMs = signal?.aborted ? HURRIED_MS : ABORT_TIME_MS;
	const known = openUploadId === undefined || openUploadId === kept?.uploadId ? [] : [openUploadId];
	const [gone, lost] = await Promise.all([
		Promise.all(known.map((id) => abortUpload(connection, address, id, timeoutMs))),
		lostCreate === undefined ? [] : abortLostUploads(connection, address, lostCreate, timeoutMs),
	]);
	return {
		left: [...known.filter((_, index) => !gone[index]), ...(lost ?? [])],
		mayBeMore: lost === undefined,
	};
}

/**
 * Whether a later run can go on with the upload: not if the storage does not know it any more, nor if it
 * holds parts behind the end of the archive and the storage would not leave them out.
 */
function isWorthKeeping(error: unknown, { hasSurplus }: UploadSession): boolean {
	return !isGoneError(error) && !(hasSurplus && isInvalidPartError(error));
}

/** Removes what was uploaded, or keeps it for a later run; the first failure stays the headline, whatever becomes of that. */
async function failure(
	connection: Connection,
	request: PutRequest,
	session: UploadSession,
	proofError?: unknown,
): Promise<unknown> {
	const error: unknown = session.stop.reason;
	const kept = request.keepParts && isWorthKeeping(error, session) ? session.held : undefined;
	const { left, mayBeMore } = await removeUploads(connection, request, session, kept);
	if (kept !== undefined) request.onPartsKept(kept);
	if (left.length === 0 && !mayBeMore) return session.outcomeUnknown ? withOutcome(error, proofError) : error;
	const { bucket, key } = request.address;
	const target = `s3://${bucket}/${key}`;
	const text = error instanceof Error ? error.message : String(error);
	const what =
		left.length === 0
			? `an unfinished upload of ${target} may be left: the answer with its id got lost`
			: `the unfinished upload ${left.join(", ")} of ${target} could not be removed and still takes space`;
	return new StorageError(
		error instanceof StorageError ? error.code : "STORAGE_REFUSED",
		`${text}; ${what}`,
		{
			...(error instanceof StorageError ? error.facts : {}),
			bucket,
			key,
			orphanedUploadId: left[0],
			cause: error,
		},
	);
}

/** When even asking failed, the object may be there: say so, instead of that nothing was published. */
function withOutcome(error: unknown, proofError: unknown): unknown {
	const proof = readSdkError(proofError);
	const asked = proofError instanceof StorageError || proof.status === 404;
	if (asked || !(error instanceof StorageError)) return error;
	return new StorageError(
		error.code,
		`${error.message}; whether the object was published could not be found out: ${proof.message}`,
		error.facts,
	);
}

/**
 * Takes back an object that is not what was sent, if it is ours; a version behind it comes back. What
 * somebody else has put there meanwhile is not touched.
 */
async function discard(
	{ client }: Connection,
	{ address: { bucket, key } }: PutRequest,
	{ committed, expectation }: UploadSession,
	error: StorageError,
): Promise<StorageError> {
	const object = { Bucket: bucket, Key: key };
	const VersionId = committed?.versionId;
	const integrity = (text: string, cause?: unknown) =>
		new StorageError("INTEGRITY", `${error.message}; ${text}`, {
			...error.facts,
			...(cause === undefined ? {} : { cause }),
		});
	try {
		if (VersionId === undefined) {
			const { ETag } = await withRetries(() => client.send(new HeadObjectCommand(object)), UNDO);
			const ours = committed?.etag ?? expectation.etag;
			if (ours !== undefined && unquote(ETag) !== ours)
				return integrity("another upload has replaced it meanwhile, and that one was left as it is");
			await withRetries(() => client.send(new DeleteObjectCommand(object)), UNDO);
			return integrity("the object was deleted");
		}
		await withRetries(() => client.send(new DeleteObjectCommand({ ...object, VersionId })), UNDO);
		return integrity(`version ${VersionId} was deleted; the one before counts again`);
	} catch (cause) {
		return integrity(`do not use it: it could not be deleted (${readSdkError(cause).message})`, cause);
	}
}
