import { parseDuration } from "../../../options/duration.ts";
import type { StorageOptions } from "../../../s3/options.ts";
import type { SourceStorageConfig } from "../written/upload-config.ts";
import type { LocalPaths } from "./local-paths.ts";

/** Where a storage is, by the names of the library. */
export function storageSettings(written: SourceStorageConfig, { pathOf }: LocalPaths): StorageOptions {
	const { "ca-file": caFile, credentials: keys } = written;
	const time = (text: number | string | undefined) =>
		text === undefined ? undefined : parseDuration("", String(text));
	const settings: StorageOptions = {
		endpoint: written["endpoint-url"],
		region: written.region,
		profile: written.profile,
		provider: written.provider,
		account: written.account,
		pathStyle: written["path-style"],
		connectTimeoutMs: time(written["connect-timeout"]),
		readTimeoutMs: time(written["read-timeout"]),
		caFile: caFile === undefined ? undefined : pathOf(caFile),
		credentials: keys && {
			accessKeyId: keys["access-key-id"],
			secretAccessKey: keys["secret-access-key"],
			...(keys["session-token"] === undefined ? {} : { sessionToken: keys["session-token"] }),
		},
	};
	return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)); // fewer
}
