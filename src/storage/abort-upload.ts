import { setTimeout as delay } from "node:timers/promises";
import { AbortMultipartUploadCommand, ListPartsCommand } from "@aws-sdk/client-s3";
import type { Connection } from "./client.ts";
import type { ObjectAddress } from "./s3-url.ts";
import { readSdkError } from "./sdk-error.ts";

const ROUNDS = 6;
const ROUND_WAIT_MS = 100;
/** How long an upload is tried to be removed. */
export const ABORT_TIME_MS = 60_000;

/**
 * Removes an unfinished multipart upload and makes sure that it is gone. A part that arrives while the
 * abort runs can survive it, so it is repeated until the storage no longer knows the upload.
 *
 * @param timeoutMs - After which it is given up.
 * @returns whether it is gone; `false` if the storage refuses or cannot be reached.
 */
export async function abortUpload(
	{ client }: Connection,
	{ bucket, key }: ObjectAddress,
	uploadId: string,
	timeoutMs: number = ABORT_TIME_MS,
): Promise<boolean> {
	const abortSignal = AbortSignal.timeout(timeoutMs);
	const upload = { Bucket: bucket, Key: key, UploadId: uploadId };
	for (let round = 0; round < ROUNDS && !abortSignal.aborted; round++) {
		if (round > 0) await delay(ROUND_WAIT_MS * 2 ** round);
		const outcome = await attempt(() =>
			client.send(new AbortMultipartUploadCommand(upload), { abortSignal }),
		);
		if (outcome === "gone") return true;
		if (outcome === "failed") continue;
		// Where listing is not permitted, the answer to the abort has to do.
		const listed = await attempt(() =>
			client.send(new ListPartsCommand({ ...upload, MaxParts: 1 }), { abortSignal }),
		);
		if (listed !== "done") return true;
	}
	return false;
}

/** Whether a request was refused because its upload does not exist, or no longer. */
export function isUnknownUpload(error: unknown): boolean {
	return GONE.has(readSdkError(error).code);
}

/** Ceph says NoSuchKey where AWS says NoSuchUpload. */
const GONE: ReadonlySet<string> = new Set(["NoSuchUpload", "NoSuchKey", "NotFound"]);

async function attempt(request: () => Promise<unknown>): Promise<"done" | "gone" | "failed"> {
	try {
		await request();
		return "done";
	} catch (error) {
		return isUnknownUpload(error) ? "gone" : "failed";
	}
}
