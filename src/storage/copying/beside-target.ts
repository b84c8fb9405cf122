import type { ObjectAddress } from "../../s3/address.ts";
import type { ObjectSettings } from "../put/object-options.ts";

/** Where copying is tried: always under the same key, so that what a run has left that was killed is found there. */
export function besideTarget({ bucket, key }: ObjectAddress): ObjectAddress {
	return { bucket, key: `${key}.zipferry-probe` };
}

/** Of objects that are there for a trial alone. */
export const UNSET_OBJECT: Omit<ObjectSettings, "sse" | "sseKmsKeyId"> = {
	contentType: "application/octet-stream",
	contentDisposition: undefined,
	cacheControl: undefined,
	metadata: undefined,
	tags: undefined,
	storageClass: undefined,
	acl: undefined,
};
