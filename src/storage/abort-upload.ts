import { setTimeout as delay } from "node:timers/promises";
import { AbortMultipartUploadCommand, ListPartsCommand, type S3Client } from "@aws-sdk/client-s3";
import type { ObjectAddress } from "./s3-url.ts";
import { readSdkError } from "./storage-errors.ts";

const ROUNDS = 5;
const ROUND_WAIT_MS = 200;

/**
 * Removes an unfinished multipart upload and makes sure that it is gone. A part that arrives while the
 * abort runs can survive it, so it is repeated until the storage no longer knows the upload.
 *
 * @returns whether it is gone; `false` if the storage refuses or cannot be reached.
 */
export async function abortUpload(
	client: S3Client,
	{ bucket, key }: ObjectAddress,
	uploadId: string,
): Promise<boolean> {
	const upload = { Bucket: bucket, Key: key, UploadId: uploadId };
	for (let round = 0; round < ROUNDS; round++) {
		if (round > 0) await delay(ROUND_WAIT_MS * 2 ** round);
		const outcome = await attempt(() => client.send(new AbortMultipartUploadCommand(upload)));
		if (outcome === "gone") return true;
		if (outcome === "failed") continue;
		// Where listing is not permitted, the answer to the abort has to do.
		const listed = await attempt(() => client.send(new ListPartsCommand({ ...upload, MaxParts: 1 })));
		if (listed !== "done") return true;
	}
	return false;
}

/** Ceph says NoSuchKey where AWS says NoSuchUpload. */
const GONE = new Set(["NoSuchUpload", "NoSuchKey", "NotFound"]);

async function attempt(request: () => Promise<unknown>): Promise<"done" | "gone" | "failed"> {
	try {
		await request();
		return "done";
	} catch (error) {
		return GONE.has(readSdkError(error).code) ? "gone" : "failed";
	}
}
