import { advised } from "../../advice/advice-in-words.ts";
import { underAnySignal } from "../../async/any-signal.ts";
import type { Warning } from "../../events.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { describeAge } from "./age.ts";
import { uploadPages } from "./uploads-listing.ts";

/** It is good to know, not worth waiting for. */
const LOOK_TIME_MS = 2_000;

/** What a run that was killed has left. */
export interface OlderUpload {
	readonly uploadId: string;
	/** Milliseconds since it was started. */
	readonly ageMs: number;
}

/**
 * Looks for incomplete uploads of the very key, before one of our own is started. One request; whatever prevents it
 * is no reason to fail, and nothing to talk about.
 */
export async function findOlderUploads(
	connection: Connection,
	address: ObjectAddress,
	signal: AbortSignal | undefined,
): Promise<readonly OlderUpload[]> {
	const { bucket, key } = address;
	const look = (either: AbortSignal) =>
		uploadPages(connection, { bucket, prefix: key }, { signal: either, retryTimeMs: 0 }).next();
	try {
		const { value: page = [] } = await underAnySignal([signal, AbortSignal.timeout(LOOK_TIME_MS)], look);
		return (page ?? []).filter((upload) => upload.key === key);
	} catch {
		return []; // not permitted, or not now
	}
}

/**
 * Tells of such uploads, if there are any.
 *
 * @param resumedId - The one that is resumed is no news.
 */
export function warnOfOlderUploads(
	{ bucket, key }: ObjectAddress,
	found: readonly OlderUpload[],
	resumedId: string | undefined,
): Warning | undefined {
	const uploads = found.filter(({ uploadId }) => uploadId !== resumedId);
	if (uploads.length === 0) return undefined;
	const oldest = describeAge(Math.max(...uploads.map(({ ageMs }) => ageMs)));
	const problem =
		uploads.length === 1
			? `an incomplete upload of this key was started ${oldest} ago`
			: `there are ${uploads.length} incomplete uploads of this key, the oldest started ${oldest} ago`;
	return {
		code: "INCOMPLETE_UPLOADS",
		...advised(problem, { kind: "review-uploads", bucket, key }),
		origin: `s3://${bucket}/${key}`,
	};
}
