import { AbortMultipartUploadCommand, ListPartsCommand, type S3Client } from "@aws-sdk/client-s3";
import { underAnySignal } from "../../async/any-signal.ts";
import { delay } from "../../async/delay.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { readSdkError } from "../../s3/sdk-error.ts";

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
	{ client }: Connection,
	{ bucket, key }: ObjectAddress,
	uploadId: string,
	hurry?: AbortSignal | undefined,
): Promise<boolean> {
	const upload = { Bucket: bucket, Key: key, UploadId: uploadId };
	const limit = AbortSignal.timeout(ABORT_TIME_MS);
	return underAnySignal([hurry, limit], (abortSignal) => abortInRounds(client, upload, abortSignal));
}

async function abortInRounds(
	client: S3Client,
	upload: { readonly Bucket: string; readonly Key: string; readonly UploadId: string },
	abortSignal: AbortSignal,
): Promise<boolean> {
	for (let round = 0; round < ROUNDS && !abortSignal.aborted; round++) {
		if (round > 0 && !(await paused(ROUND_WAIT_MS * 2 ** round, abortSignal))) return false;
		const outcome = await attempt(() =>
			client.send(new AbortMultipartUploadCommand(upload), { abortSignal }),
		);
		if (outcome === "gone") return true;
		if (outcome !== "done") continue;
		const listed = await attempt(() =>
			client.send(new ListPartsCommand({ ...upload, MaxParts: 1 }), { abortSignal }),
		);
		// Where listing is not permitted, the answer to the abort has to do.
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

/** Whether a request was refused because its upload does not exist, or no longer. */
export function isUnknownUpload(error: unknown): boolean {
	return isUnknownUploadCode(readSdkError(error).code);
}

/** The same of the code alone. */
export function isUnknownUploadCode(code: string | undefined): boolean {
	return code !== undefined && GONE.has(code);
}

/** Ceph says NoSuchKey where AWS says NoSuchUpload. A 404 without either may be anybody's page. */
const GONE: ReadonlySet<string> = new Set(["NoSuchUpload", "NoSuchKey"]);

const REFUSED: ReadonlySet<number> = new Set([401, 403, 405, 501]);

async function attempt(request: () => Promise<unknown>): Promise<"done" | "gone" | "refused" | "failed"> {
	try {
		await request();
		return "done";
	} catch (error) {
		if (isUnknownUpload(error)) return "gone";
		return REFUSED.has(readSdkError(error).status ?? 0) ? "refused" : "failed";
	}
}
