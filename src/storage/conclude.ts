import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { StorageError } from "../errors.ts";
import { abortLostUploads, abortUpload } from "./abort-upload.ts";
import type { Connection } from "./client.ts";
import { proveObject } from "./proof.ts";
import { readSdkError } from "./sdk-error.ts";
import { toStorageError } from "./storage-errors.ts";
import type { PutRequest, PutResult } from "./transport.ts";
import type { UploadSession } from "./upload-session.ts";

/** When the caller waits to stop: all in all no more than ten seconds. */
const HURRIED_MS = 4_000;

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
	if (session.createdTwice && session.uploadId !== undefined) {
		await abortLostUploads(connection, request.address, session.uploadId, session.createDurationMs);
	}
	if (failed && !session.committing) throw await failure(connection, request, session);
	const { expectation, partCount, committed } = session;
	const { address, signal } = request;
	const retryTimeMs = signal?.aborted ? HURRIED_MS : request.retryTimeMs;
	try {
		const { etag, versionId } = await proveObject(
			connection,
			{ address, retryTimeMs },
			expectation,
			committed !== undefined,
		);
		// Without a hash to compare, an object of the right size may be an older one.
		if (failed && expectation.etag === undefined && expectation.crc32 === undefined)
			throw session.stop.reason;
		return { size: expectation.size, etag, versionId: committed?.versionId ?? versionId, partCount };
	} catch (error) {
		if (failed) throw await failure(connection, request, session, error);
		if (error instanceof StorageError && error.code === "INTEGRITY")
			throw await discard(connection, request, session, error);
		throw toStorageError(error, "HeadObject", request.address);
	}
}

/** Removes what was uploaded; the first failure stays the headline, whatever becomes of that. */
async function failure(
	connection: Connection,
	{ address, signal }: PutRequest,
	session: UploadSession,
	proofError?: unknown,
): Promise<unknown> {
	const error: unknown = session.stop.reason;
	const { uploadId } = session;
	if (
		uploadId === undefined ||
		(await abortUpload(connection, address, uploadId, signal?.aborted ? HURRIED_MS : undefined))
	) {
		return session.committing ? withOutcome(error, proofError) : error;
	}
	const { bucket, key } = address;
	const text = error instanceof Error ? error.message : String(error);
	return new StorageError(
		error instanceof StorageError ? error.code : "STORAGE_REFUSED",
		`${text}; the unfinished upload ${uploadId} of s3://${bucket}/${key} could not be removed and still takes space`,
		{
			...(error instanceof StorageError ? error.facts : {}),
			bucket,
			key,
			orphanedUploadId: uploadId,
			cause: error,
		},
	);
}

/** When even asking failed, the object may be there: say so, instead of that nothing was published. */
function withOutcome(error: unknown, proofError: unknown): unknown {
	const proof = readSdkError(proofError);
	const asked = proofError instanceof StorageError || proof.status !== undefined;
	if (asked || !(error instanceof StorageError)) return error;
	return new StorageError(
		error.code,
		`${error.message}; whether the object was published could not be found out: ${proof.message}`,
		error.facts,
	);
}

/** Takes back an object that is not what was sent, if it is ours; a version behind it comes back. */
async function discard(
	{ client }: Connection,
	{ address: { bucket, key } }: PutRequest,
	{ committed }: UploadSession,
	error: StorageError,
): Promise<StorageError> {
	const VersionId = committed?.versionId;
	try {
		await client.send(
			new DeleteObjectCommand({
				Bucket: bucket,
				Key: key,
				...(VersionId === undefined ? {} : { VersionId }),
			}),
		);
		const done =
			VersionId === undefined
				? "the object was deleted"
				: `version ${VersionId} was deleted; the one before counts again`;
		return new StorageError("INTEGRITY", `${error.message}; ${done}`, error.facts);
	} catch (cause) {
		const reason = readSdkError(cause).message;
		return new StorageError(
			"INTEGRITY",
			`${error.message}; do not use it: it could not be deleted (${reason})`,
			{
				...error.facts,
				cause,
			},
		);
	}
}
