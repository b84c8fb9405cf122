import { advised } from "../../advice/advice-in-words.ts";
import { underAnySignal } from "../../async/any-signal.ts";
import type { Warning } from "../../events.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { describeAge } from "./age.ts";
import { uploadPages } from "./uploads-listing.ts";

/** It is good to know, not worth waiting for. */
const LOOK_TIME_MS = 2_000;

/**
 * Looks for incomplete uploads of the very key, before one of our own is started: what a run that was killed
 * has left. One request; whatever prevents it is no reason to fail, and nothing to talk about.
 *
 * @param resumedId - The one that is resumed is no news.
 */
export async function findOlderUploads(
	connection: Connection,
	address: ObjectAddress,
	signal: AbortSignal | undefined,
	resumedId: string | undefined,
): Promise<Warning | undefined> {
	const { bucket, key } = address;
	const look = (either: AbortSignal) =>
		uploadPages(connection, { bucket, prefix: key }, { signal: either, retryTimeMs: 0 }).next();
	try {
		const { value: page = [] } = await underAnySignal([signal, AbortSignal.timeout(LOOK_TIME_MS)], look);
		const uploads = (page ?? []).filter((upload) => upload.key === key && upload.uploadId !== resumedId);
		return uploads.length === 0 ? undefined : describe(address, uploads);
	} catch {
		return undefined; // not permitted, or not now
	}
}

function describe({ bucket, key }: ObjectAddress, uploads: readonly { readonly ageMs: number }[]): Warning {
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
