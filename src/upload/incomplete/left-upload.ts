import { advised } from "../../advice/advice-in-words.ts";
import type { ZipferryEvent } from "../../events.ts";
import type { ObjectAddress } from "../../s3/address.ts";

/** The warning of an incomplete upload that takes space until somebody removes it. */
export function leftUpload({ bucket, key }: ObjectAddress, uploadId: string, what: string): ZipferryEvent {
	const problem = `the incomplete upload ${uploadId} of s3://${bucket}/${key} ${what}`;
	const told = advised(problem, { kind: "abort-upload", bucket, key, uploadId });
	return { type: "warning", code: "INCOMPLETE_UPLOADS", ...told };
}
