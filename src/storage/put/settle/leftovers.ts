import { abortLater } from "../../../async/abort-later.ts";
import type { Connection } from "../../../s3/connection.ts";
import { abortUpload } from "../../incomplete/abort-upload.ts";
import { abortLostUploads } from "../../incomplete/lost-uploads.ts";
import type { SessionRequest } from "../transport.ts";
import type { UploadOutcome } from "../upload-outcome.ts";
import { HURRIED_MS } from "./hurry.ts";

/** Uploads in parts that are still there. */
export interface Leftovers {
	/** Ids of those that could not be removed. */
	readonly uploadIds: readonly string[];
	/** The answer that had the id of one got lost, and looking for it was not possible. */
	readonly mayBeMore: boolean;
}

/**
 * Removes all uploads of this run but a completed one, which is none any more.
 *
 * @param keep - Leaves the one whose id is known.
 */
export async function removeUploads(
	connection: Connection,
	{ destination: { address }, signal, resume }: SessionRequest,
	{ openUploadId, lostCreate, held }: UploadOutcome,
	keep: boolean,
): Promise<Leftovers> {
	const hurry = abortLater(signal, HURRIED_MS);
	// One that was found empty, and still is, may be that of a run which has only just started.
	const foreign = resume.upload?.uploadId === openUploadId && held === undefined;
	const known = openUploadId === undefined || keep || foreign ? [] : [openUploadId];
	const lost = lostCreate && {
		sentMs: performance.now() - lostCreate.sentAt,
		durationMs: lostCreate.endedAt - lostCreate.sentAt,
		uploadId: lostCreate.uploadId,
	};
	const [gone, left] = await Promise.all([
		Promise.all(known.map((id) => abortUpload(connection, address, id, hurry))),
		lost === undefined ? [] : abortLostUploads(connection, address, lost, hurry),
	]);
	return {
		uploadIds: [...known.filter((_, index) => !gone[index]), ...(left ?? [])],
		mayBeMore: left === undefined,
	};
}
