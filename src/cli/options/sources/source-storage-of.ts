import type { StorageOptions } from "../../../s3/options.ts";
import type { Values } from "../option.ts";
import type { REMOTE_OPTIONS } from "./remote-options.ts";

/** Options about the storage of sources. */
export type SourceStorageName = keyof typeof REMOTE_OPTIONS & `source-${string}`;

/**
 * How the options say to reach the buckets of sources.
 *
 * @returns `undefined` if they say nothing: sources are reached like the target then.
 */
export function sourceStorageOf(
	values: Pick<Values<typeof REMOTE_OPTIONS>, SourceStorageName>,
): StorageOptions | undefined {
	const given = {
		endpoint: values["source-endpoint-url"],
		region: values["source-region"],
		profile: values["source-profile"],
		provider: values["source-provider"],
		account: values["source-account"],
		pathStyle: values["source-path-style"],
		caFile: values["source-ca-file"],
	};
	return Object.values(given).every((value) => value === undefined) ? undefined : given;
}
