import type { ObjectAddress } from "../../s3/address.ts";

/** Where copying is tried: always under the same key, so that what a run has left that was killed is found there. */
export function besideTarget({ bucket, key }: ObjectAddress): ObjectAddress {
	return { bucket, key: `${key}.zipferry-probe` };
}

/** Settings of objects that are there for a moment: no class that costs more then, no tags that rules go by. */
export const PASSING_OBJECT = { contentType: "application/octet-stream" } as const;
