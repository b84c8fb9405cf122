import { setTimeout as delay } from "node:timers/promises";
import {
	AbortMultipartUploadCommand,
	ListMultipartUploadsCommand,
	ListPartsCommand,
	type MultipartUpload,
} from "@aws-sdk/client-s3";
import type { Connection } from "./client.ts";
import type { ObjectAddress } from "./s3-url.ts";
import { readSdkError } from "./sdk-error.ts";

const ROUNDS = 6;
const ROUND_WAIT_MS = 100;
const ABORT_TIME_MS = 60_000;

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

/** Servers tell the time of an upload in whole seconds. */
const CLOCK_STEP_MS = 2_000;

/**
 * Removes uploads that were begun for this run but whose id got lost with the answer. They are told from
 * the uploads of others by three things: the very key, no part in them, and a beginning within the time it
 * took to create ours, by the server's own clock. Best effort: it must not fail an upload that is going well.
 */
export async function abortLostUploads(
	connection: Connection,
	address: ObjectAddress,
	uploadId: string,
	createDurationMs: number,
): Promise<void> {
	const { client } = connection;
	const { bucket, key } = address;
	try {
		const { Uploads = [] } = await client.send(
			new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key }),
		);
		const begun = (upload: MultipartUpload) => upload.Initiated?.getTime() ?? Number.NaN;
		const ours = Uploads.find(({ UploadId }) => UploadId === uploadId);
		const latest = ours === undefined ? Date.now() : begun(ours);
		for (const upload of Uploads) {
			if (upload.Key !== key || upload.UploadId === undefined || upload.UploadId === uploadId) continue;
			const age = latest - begun(upload);
			if (!(age >= -CLOCK_STEP_MS && age <= createDurationMs + CLOCK_STEP_MS)) continue;
			const parts = { Bucket: bucket, Key: key, UploadId: upload.UploadId, MaxParts: 1 };
			const { Parts = [] } = await client.send(new ListPartsCommand(parts));
			if (Parts.length === 0) await abortUpload(connection, address, upload.UploadId);
		}
	} catch {
		// Not permitted, or out of reach: the upload itself goes on.
	}
}
