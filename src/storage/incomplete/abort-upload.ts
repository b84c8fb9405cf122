import { AbortMultipartUploadCommand, ListPartsCommand } from "@aws-sdk/client-s3";
import { underAnySignal } from "../../async/any-signal.ts";
import { delay } from "../../async/delay.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import { factsOf } from "../../s3/errors/refusals.ts";
import { type Sender, send } from "../../s3/send.ts";
import { isUnknownUpload } from "./unknown-upload.ts";

const ROUNDS = 6;
const ROUND_WAIT_MS = 100;
/** How long an upload is tried to be removed. */
const ABORT_TIME_MS = 60_000;

/**
 * Removes an incomplete multipart upload and makes sure that it is gone. A part that arrives while the
 * abort runs can survive it, so it is repeated until the storage no longer knows the upload.
 *
 * @param hurry - Gives it up.
 * @returns whether it is gone; `false` if the storage refuses or cannot be reached.
 */
export async function abortUpload(
	connection: Sender,
	{ bucket, key }: ObjectAddress,
	uploadId: string,
	hurry?: AbortSignal | undefined,
): Promise<boolean> {
	const upload = { Bucket: bucket, Key: key, UploadId: uploadId };
	const limit = AbortSignal.timeout(ABORT_TIME_MS);
	return underAnySignal([hurry, limit], (signal) => abortInRounds(connection, upload, signal));
}

async function abortInRounds(
	connection: Sender,
	upload: { readonly Bucket: string; readonly Key: string; readonly UploadId: string },
	signal: AbortSignal,
): Promise<boolean> {
	const once = { signal, retryTimeMs: 0 }; // the rounds repeat
	const abort = () => send(connection, new AbortMultipartUploadCommand(upload), once);
	const list = () => send(connection, new ListPartsCommand({ ...upload, MaxParts: 1 }), once);
	for (let round = 0; round < ROUNDS && !signal.aborted; round++) {
		if (round > 0 && !(await paused(ROUND_WAIT_MS * 2 ** round, signal))) return false;
		const outcome = await attempt(abort);
		if (outcome === "gone") return true;
		if (outcome !== "done") continue;
		const listed = await attempt(list);
		// If listing is not permitted, the response to the abort has to be enough.
		if (listed === "gone" || listed === "refused") return true;
	}
	return false;
}

/** @returns whether the time is over, and not the patience */
async function paused(milliseconds: number, signal: AbortSignal): Promise<boolean> {
	return delay(milliseconds, signal).then(
		() => true,
		() => false,
	);
}

const REFUSED: ReadonlySet<number> = new Set([401, 403, 405, 501]);

async function attempt(request: () => Promise<unknown>): Promise<"done" | "gone" | "refused" | "failed"> {
	try {
		await request();
		return "done";
	} catch (error) {
		if (isUnknownUpload(error)) return "gone";
		return REFUSED.has(factsOf(error).status ?? 0) ? "refused" : "failed";
	}
}
