import type { Advice } from "../../../advice/advice.ts";
import { ArchiveTooLargeError, problemOf, StorageError, ZipferryError } from "../../../errors.ts";
import type { ObjectAddress } from "../../../s3/address.ts";
import type { Connection } from "../../../s3/connection.ts";
import { isGoneError, isInvalidPartError, UnfitUploadError } from "../../incomplete/unfit-upload.ts";
import type { SessionRequest } from "../transport.ts";
import type { UploadOutcome } from "../upload-outcome.ts";
import { type Leftovers, removeUploads } from "./leftovers.ts";

/**
 * Removes what was uploaded, or keeps it for a later run.
 *
 * @param first - What has failed first: it stays the headline, whatever becomes of the clean-up.
 * @param uncertainty - Why nobody knows whether the object was published; `undefined` if it was not.
 * @returns what the upload is to be rejected with
 */
export async function cleanUp(
	connection: Connection,
	request: SessionRequest,
	outcome: UploadOutcome,
	first: unknown,
	uncertainty?: string | undefined,
): Promise<unknown> {
	const { address } = request.destination;
	const { keepParts, others } = request.resume;
	const keeps = others !== undefined || (keepParts && isWorthKeeping(first, outcome));
	const kept = keeps ? outcome.held : undefined;
	const leftovers = await removeUploads(connection, request, outcome, kept !== undefined);
	if (kept !== undefined) request.onEvent({ type: "upload-kept", ...kept });
	const error =
		uncertainty === undefined
			? first
			: saying(first, "NETWORK", `it is unknown whether the object was published: ${uncertainty}`, {
					...address,
				});
	const left = describeLeftovers(leftovers, address);
	if (left === undefined) return error;
	const [uploadId] = leftovers.uploadIds;
	const advice = (error instanceof ZipferryError ? error.advice : undefined) ?? removing(address, uploadId);
	const facts = { ...address, orphanedUploadId: uploadId, cause: first, advice };
	return saying(error, "STORAGE_REFUSED", left, facts);
}

/** What to do about an upload that is left, if its id is known. */
function removing(address: ObjectAddress, uploadId: string | undefined): Advice | undefined {
	return uploadId === undefined ? undefined : { kind: "abort-upload", ...address, uploadId };
}

/**
 * Whether a later run can resume the upload: not if the storage does not know it any more, if it is not
 * what was asked for, if its parts are too small, nor if it holds parts behind the end of the archive and the
 * storage would not leave them out.
 */
function isWorthKeeping(error: unknown, { hasSurplus }: UploadOutcome): boolean {
	if (error instanceof UnfitUploadError || error instanceof ArchiveTooLargeError) return false;
	return !isGoneError(error) && !(hasSurplus && isInvalidPartError(error));
}

function describeLeftovers(
	{ uploadIds, mayBeMore }: Leftovers,
	{ bucket, key }: ObjectAddress,
): string | undefined {
	const target = `s3://${bucket}/${key}`;
	if (uploadIds.length > 0)
		return `the incomplete upload ${uploadIds.join(", ")} of ${target} could not be removed and still takes space`;
	return mayBeMore
		? `an incomplete upload of ${target} may be left: the response with its id was lost`
		: undefined;
}

/** An error that says one thing more. Errors of others, such as the reason of a stop, become one of ours with this code. */
export function saying(
	error: unknown,
	code: StorageError["code"],
	more: string,
	facts: Partial<StorageError["facts"]> & ObjectAddress,
): StorageError {
	const message = `${problemOf(error)}; ${more}`;
	if (!(error instanceof StorageError))
		return new StorageError(code, message, { cause: error, outcome: more, ...facts });
	const before = error.facts.outcome;
	const outcome = before === undefined ? more : `${before}; ${more}`;
	return new StorageError(error.code, message, { ...error.facts, outcome, ...facts });
}
