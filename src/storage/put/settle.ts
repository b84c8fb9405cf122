import { DeleteObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { abortLater } from "../../async/abort-later.ts";
import { ArchiveTooLargeError, messageOf, StorageError } from "../../errors.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { withRetries } from "../../s3/retry.ts";
import { readSdkError } from "../../s3/sdk-error.ts";
import { toStorageError } from "../../s3/storage-errors.ts";
import { abortUpload } from "../incomplete/abort-upload.ts";
import { abortLostUploads } from "../incomplete/lost-uploads.ts";
import { isGoneError, isInvalidPartError, UnfitUploadError } from "../incomplete/unfit-upload.ts";
import { unquote } from "../parts/completed-part.ts";
import { otherParams } from "./object-params.ts";
import { proveObject } from "./proof.ts";
import type { KeptParts, PutRequest, PutResult } from "./transport.ts";
import type { UploadSession } from "./upload-session.ts";

/** For each step when the caller waits to stop: with the wait for Complete no more than ten seconds. */
const HURRIED_MS = 2_500;
/** How long it is tried to take an object back. */
const UNDO_TIME_MS = 10_000;

/**
 * Ends an upload in one of two states: the object is there and is what was sent, or nothing of the upload
 * is left. What the storage holds decides, not what it answered: answers get lost.
 */
export async function settle(
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
	const hurry = abortLater(signal, HURRIED_MS);
	try {
		const { etag, versionId, head } = await proveObject(
			connection,
			{ address, retryTimeMs: request.retryTimeMs, signal: hurry },
			expectation,
			committed !== undefined,
		);
		// Without a hash to compare, an object of the right size may be an older one.
		if (failed && expectation.etag === undefined && expectation.crc32 === undefined)
			throw session.stop.reason;
		const incomplete = failed ? (await removeUploads(connection, request, session)).left : left;
		const stored = { size: expectation.size, etag, versionId: committed?.versionId ?? versionId };
		const differences = request.resume === undefined ? [] : otherParams(request.object, head);
		return { ...stored, partCount, incomplete, resumed: session.resumed, differences };
	} catch (error) {
		if (failed) throw await failure(connection, request, session, error);
		if (error instanceof StorageError && error.code === "INTEGRITY")
			throw await discard(connection, request, session, error, hurry);
		const stopped = hurry.aborted && error === hurry.reason;
		throw unproven(stopped ? error : toStorageError(error, "HeadObject", address), address);
	}
}

/** The storage has said that it holds the object, but not let us look at it. */
function unproven(error: unknown, address: ObjectAddress): StorageError {
	const message = `${messageOf(error)}; the storage has confirmed the upload, so the object is probably there, only not checked`;
	if (error instanceof StorageError) return new StorageError(error.code, message, error.facts);
	return new StorageError("NETWORK", message, { ...address, operation: "HeadObject", cause: error });
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
	{ address, signal, resume }: PutRequest,
	{ openUploadId, lostCreate, held }: UploadSession,
	kept?: KeptParts,
): Promise<Leftovers> {
	const hurry = abortLater(signal, HURRIED_MS);
	// One that was found empty, and still is, may be that of a run which has only just begun.
	const foreign = resume !== undefined && resume.uploadId === openUploadId && held === undefined;
	const remains = openUploadId === undefined || openUploadId === kept?.uploadId || foreign;
	const known = remains ? [] : [openUploadId];
	const [gone, lost] = await Promise.all([
		Promise.all(known.map((id) => abortUpload(connection, address, id, hurry))),
		lostCreate === undefined ? [] : abortLostUploads(connection, address, lostCreate, hurry),
	]);
	return {
		left: [...known.filter((_, index) => !gone[index]), ...(lost ?? [])],
		mayBeMore: lost === undefined,
	};
}

/**
 * Whether a later run can go on with the upload: not if the storage does not know it any more, if it is not
 * what was asked for, if its parts are too small, nor if it holds parts behind the end of the archive and the
 * storage would not leave them out.
 */
function isWorthKeeping(error: unknown, { hasSurplus }: UploadSession): boolean {
	if (error instanceof UnfitUploadError || error instanceof ArchiveTooLargeError) return false;
	return !isGoneError(error) && !(hasSurplus && isInvalidPartError(error));
}

/** Removes what was uploaded, or keeps it for a later run; the first failure stays the headline, whatever becomes of that. */
async function failure(
	connection: Connection,
	request: PutRequest,
	session: UploadSession,
	proofError?: unknown,
): Promise<unknown> {
	const { bucket, key } = request.address;
	const first: unknown = session.stop.reason;
	const error = session.outcomeUnknown ? withOutcome(first, proofError, request) : first;
	const kept = request.keepParts && isWorthKeeping(first, session) ? session.held : undefined;
	const { left, mayBeMore } = await removeUploads(connection, request, session, kept);
	if (kept !== undefined) request.onPartsKept(kept);
	if (left.length === 0 && !mayBeMore) return error;
	const target = `s3://${bucket}/${key}`;
	const what =
		left.length === 0
			? `an incomplete upload of ${target} may be left: the answer with its id got lost`
			: `the incomplete upload ${left.join(", ")} of ${target} could not be removed and still takes space`;
	return new StorageError(
		error instanceof StorageError ? error.code : "STORAGE_REFUSED",
		`${messageOf(error)}; ${what}`,
		{
			...(error instanceof StorageError ? error.facts : {}),
			bucket,
			key,
			orphanedUploadId: left[0],
			cause: first,
		},
	);
}

/** When even asking failed, the object may be there: say so, instead of that nothing was published. */
function withOutcome(error: unknown, proofError: unknown, { address, signal }: PutRequest): unknown {
	const proof = readSdkError(proofError);
	const asked = proofError instanceof StorageError || proof.status === 404;
	if (asked) return error;
	const why = signal?.aborted ? "the storage did not answer in time" : proof.message;
	const message = `${messageOf(error)}; whether the object was published could not be found out: ${why}`;
	if (error instanceof StorageError) return new StorageError(error.code, message, error.facts);
	return new StorageError("NETWORK", message, { ...address, cause: error });
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
	hurry: AbortSignal,
): Promise<StorageError> {
	const object = { Bucket: bucket, Key: key };
	const VersionId = committed?.versionId;
	const undo = { budgetMs: UNDO_TIME_MS, stop: hurry };
	const abortable = { abortSignal: hurry };
	const integrity = (text: string, cause?: unknown) =>
		new StorageError("INTEGRITY", `${error.message}; ${text}`, {
			...error.facts,
			...(cause === undefined ? {} : { cause }),
		});
	try {
		if (VersionId === undefined) {
			const { ETag } = await withRetries(() => client.send(new HeadObjectCommand(object), abortable), undo);
			const ours = committed?.etag ?? expectation.etag;
			if (ours !== undefined && unquote(ETag) !== ours)
				return integrity("another upload has replaced it meanwhile, and that one was left as it is");
			await withRetries(() => client.send(new DeleteObjectCommand(object), abortable), undo);
			return integrity("the object was deleted");
		}
		const command = new DeleteObjectCommand({ ...object, VersionId });
		await withRetries(() => client.send(command, abortable), undo);
		return integrity(`version ${VersionId} was deleted; the one before counts again`);
	} catch (cause) {
		return integrity(`do not use it: it could not be deleted (${readSdkError(cause).message})`, cause);
	}
}
