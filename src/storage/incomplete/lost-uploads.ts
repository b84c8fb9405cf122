import { ListPartsCommand } from "@aws-sdk/client-s3";
import { anySignal } from "../../async/any-signal.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { expectAnyOf } from "../../s3/expected-answers.ts";
import { send } from "../../s3/send.ts";
import { abortUpload } from "./abort-upload.ts";
import { type ListedUpload, uploadPages } from "./uploads-listing.ts";

/** A Create whose answer got lost, so that there may be an upload nobody knows the id of. */
export interface LostCreate {
	/** Milliseconds since the first Create was sent. */
	readonly sentMs: number;
	/** Milliseconds from then until one was answered, or the last was given up. */
	readonly durationMs: number;
	/** The upload whose id is known, if there is one. */
	readonly uploadId: string | undefined;
}

const SEARCH_TIME_MS = 60_000;
/** Servers tell the time in whole seconds, of an upload and of an answer. */
const CLOCK_STEP_MS = 2_000;
/** By which two clocks may drift apart, of the time between. */
const CLOCK_DRIFT = 1e-4;

/**
 * Removes uploads that were started for this run but whose id was lost with the response. They are told from
 * the uploads of others by three things: the very key, no part in them, and a beginning while ours was
 * asked for, by the server's own clock.
 *
 * @param hurry - Gives it up.
 * @returns the ids of those that could not be removed; `undefined` if looking for them was not possible.
 */
export async function abortLostUploads(
	connection: Connection,
	address: ObjectAddress,
	lost: LostCreate,
	hurry: AbortSignal,
): Promise<readonly string[] | undefined> {
	const startedAt = performance.now();
	const { signal, release } = anySignal(hurry, AbortSignal.timeout(SEARCH_TIME_MS));
	const left: string[] = [];
	try {
		for await (const page of uploadPages(
			connection,
			{ bucket: address.bucket, prefix: address.key },
			{ signal, retryTimeMs: SEARCH_TIME_MS },
		)) {
			const sentMs = lost.sentMs + performance.now() - startedAt;
			for (const upload of page) {
				if (!isOurs(upload, { ...lost, sentMs }, address)) continue;
				if (await hasParts(connection, address, upload, signal)) continue;
				if (!(await abortUpload(connection, address, upload.uploadId, signal))) left.push(upload.uploadId);
			}
		}
		return left;
	} catch {
		return undefined; // not permitted, or out of reach
	} finally {
		release();
	}
}

function isOurs({ key, uploadId, ageMs }: ListedUpload, lost: LostCreate, address: ObjectAddress): boolean {
	if (key !== address.key || uploadId === lost.uploadId) return false;
	const begunMs = lost.sentMs - ageMs;
	const tolerance = CLOCK_STEP_MS + lost.sentMs * CLOCK_DRIFT;
	return begunMs >= -tolerance && begunMs <= lost.durationMs + tolerance;
}

async function hasParts(
	connection: Connection,
	{ bucket, key }: ObjectAddress,
	{ uploadId }: ListedUpload,
	signal: AbortSignal,
): Promise<boolean> {
	const command = new ListPartsCommand({ Bucket: bucket, Key: key, UploadId: uploadId, MaxParts: 1 });
	const { Parts = [] } = await send(connection, command, {
		signal,
		retryTimeMs: SEARCH_TIME_MS,
		check: ({ UploadId, Bucket }) => expectAnyOf(UploadId, Bucket),
	});
	return Parts.length > 0;
}
