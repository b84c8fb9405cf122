import { abortLater } from "../../../async/abort-later.ts";
import { problemOf, StorageError } from "../../../errors.ts";
import type { Connection } from "../../../s3/connection.ts";
import { isNotFound } from "../../../s3/errors/refusals.ts";
import { lacksTags } from "../object-tags.ts";
import { proveObject, type StoredObject } from "../proof.ts";
import { otherParams } from "../requests/object-params.ts";
import type { PutResult, SessionRequest } from "../transport.ts";
import type { UploadOutcome } from "../upload-outcome.ts";
import type { Committed } from "../upload-phase.ts";
import { cleanUp, saying } from "./clean-up.ts";
import { discard } from "./discard.ts";
import { HURRIED_MS } from "./hurry.ts";
import { removeUploads } from "./leftovers.ts";

/** The facts that a transport adds to make it a {@link PutResult}. */
export type Settled = Omit<PutResult, "hash">;

/**
 * Ends an upload in one of two states: the object is there and is what was sent, or nothing of the upload
 * is left. What the storage holds decides, not what it answered: answers get lost.
 *
 * @throws what the upload has failed with
 */
export async function settle(
	connection: Connection,
	request: SessionRequest,
	outcome: UploadOutcome,
): Promise<Settled> {
	const { phase } = outcome;
	switch (phase.name) {
		case "failed":
			throw await cleanUp(connection, request, outcome, phase.reason);
		case "unknown":
			return settleUnknown(connection, request, outcome, phase.reason);
		case "committed":
			return settleCommitted(connection, request, outcome, phase.answer);
	}
}

/** Nobody has said whether the object is there: if it is, all is well. */
async function settleUnknown(
	connection: Connection,
	request: SessionRequest,
	outcome: UploadOutcome,
	reason: unknown,
): Promise<Settled> {
	const { expectation } = outcome;
	const hurry = abortLater(request.signal, HURRIED_MS);
	let stored: StoredObject;
	try {
		stored = await prove(connection, request, outcome, hurry);
	} catch (error) {
		throw await cleanUp(connection, request, outcome, reason, whyUncertain(error, request));
	}
	// Without a hash to compare, an object of the right size may be an older one.
	if (expectation.etag === undefined && expectation.crc32 === undefined)
		throw await cleanUp(connection, request, outcome, reason, NOT_COMPARABLE);
	const { uploadIds } = await removeUploads(connection, request, outcome, false);
	return resultOf(connection, request, outcome, stored, uploadIds);
}

/** The storage has said that the object is there: it has to be what was sent. */
async function settleCommitted(
	connection: Connection,
	request: SessionRequest,
	outcome: UploadOutcome,
	answer: Committed,
): Promise<Settled> {
	const { address } = request.destination;
	const { uploadIds } = await removeUploads(connection, request, outcome, false);
	const hurry = abortLater(request.signal, HURRIED_MS);
	try {
		const stored = await prove(connection, request, outcome, hurry);
		const versionId = answer.versionId ?? stored.versionId;
		return resultOf(connection, request, outcome, { ...stored, versionId }, uploadIds);
	} catch (error) {
		if (isIntegrityError(error)) {
			const own = { versionId: answer.versionId, etag: answer.etag ?? outcome.expectation.etag };
			throw await discard(connection, address, own, error, hurry);
		}
		throw saying(error, "NETWORK", UNPROVEN, { ...address, operation: "HeadObject" });
	}
}

const UNPROVEN =
	"the storage has confirmed the upload, so the object is probably there, but it could not be checked";
const NOT_COMPARABLE =
	"an object of this size is there, but neither its ETag nor a checksum shows whether it is this one";

function prove(
	connection: Connection,
	{ destination: { address }, retryTimeMs }: SessionRequest,
	{ expectation, phase }: UploadOutcome,
	hurry: AbortSignal,
): Promise<StoredObject> {
	const confirmed = phase.name === "committed";
	return proveObject(connection, { address, retryTimeMs, signal: hurry }, expectation, confirmed);
}

/** The object in the storage is not the one that was sent. */
function isIntegrityError(error: unknown): error is StorageError {
	return error instanceof StorageError && error.code === "INTEGRITY";
}

/** When even asking has failed the object may be there. @returns `undefined` if it is not */
function whyUncertain(error: unknown, { signal }: SessionRequest): string | undefined {
	if (isIntegrityError(error) || isNotFound(error)) return undefined;
	if (signal?.aborted) return "the storage did not answer in time";
	return problemOf(error);
}

function resultOf(
	{ provider }: Connection,
	{ destination, resume }: SessionRequest,
	{ expectation, partCount, resumed }: UploadOutcome,
	{ etag, versionId, head }: StoredObject,
	incomplete: readonly string[],
): Settled {
	const differences = resume.upload === undefined ? [] : otherParams(destination, head);
	const lacking = lacksTags(destination.object, provider, head.TagCount);
	return {
		size: expectation.size,
		etag,
		versionId,
		partCount,
		incomplete,
		resumed,
		differences,
		lacksTags: lacking,
	};
}
