import { abortLater } from "../../async/abort-later.ts";
import type { Connection } from "../../s3/connection.ts";
import { abortUpload } from "../../storage/incomplete/abort-upload.ts";
import { abortLostUploads, type LostCreate } from "../../storage/incomplete/lost-uploads.ts";
import { saying } from "../../storage/put/settle/clean-up.ts";
import { HURRIED_MS } from "../../storage/put/settle/hurry.ts";
import { removeHelpers } from "../helper-objects.ts";
import { shardsPrefix } from "../shard-keys.ts";
import type { ShardPlan } from "../shard-plan.ts";

/** What an attempt to plan has put into the storage so far. */
export interface PlanTraces {
	/** Whether there may be helper objects. */
	hasHelpers: boolean;
	uploadId: string | undefined;
	/** There may be an upload whose id is not known. */
	lostCreate: (() => LostCreate) | undefined;
}

/** How long it is tried to remove helper objects. */
const REMOVAL_TIME_MS = 60_000;

/**
 * Removes all of it.
 *
 * @param error - Why: it stays the headline, whatever becomes of the removal.
 * @param signal - Of the caller: who waits to stop waits a few seconds more.
 * @returns the error, which says what is left
 */
export async function undoPlan(
	connection: Connection,
	plan: ShardPlan,
	traces: PlanTraces,
	error: unknown,
	signal: AbortSignal,
): Promise<unknown> {
	const { bucket, key } = plan;
	const address = { bucket, key };
	const hurry = abortLater(signal, 2 * HURRIED_MS);
	const { uploadId, lostCreate } = traces;
	const removal = { signal: hurry, retryTimeMs: REMOVAL_TIME_MS };
	const [isRemoved, isAborted, lost] = await Promise.all([
		!traces.hasHelpers || removeHelpers(connection, plan, removal).then(isDone, isNotDone),
		uploadId === undefined || abortUpload(connection, address, uploadId, hurry),
		lostCreate === undefined ? [] : abortLostUploads(connection, address, lostCreate(), hurry),
	]);
	let told = error;
	if (!isRemoved) {
		const left = `helper objects below s3://${bucket}/${shardsPrefix(plan)} could not be removed`;
		told = saying(told, "STORAGE_REFUSED", left, { ...address, cause: error });
	}
	const uploadIds = [...(isAborted || uploadId === undefined ? [] : [uploadId]), ...(lost ?? [])];
	const [orphanedUploadId] = uploadIds;
	if (orphanedUploadId !== undefined) {
		const left = `the incomplete upload ${uploadIds.join(", ")} of s3://${bucket}/${key} could not be removed and still takes space`;
		const advice = { kind: "abort-upload", ...address, uploadId: orphanedUploadId } as const;
		told = saying(told, "STORAGE_REFUSED", left, { ...address, orphanedUploadId, advice, cause: error });
	} else if (lost === undefined) {
		const left = `an incomplete upload of s3://${bucket}/${key} may be left: the response with its id was lost`;
		told = saying(told, "STORAGE_REFUSED", left, { ...address, cause: error });
	}
	return told;
}

const isDone = () => true;
const isNotDone = () => false;
