import type { ZipferryEventListener } from "../events.ts";
import { type Fields, type OptionSchema, optional, type Resolved, schemaOf } from "../options/field.ts";
import { callback, signal, text } from "../options/kinds.ts";
import { type ConnectDefaults, retryTime, STORAGE_FIELDS, type StorageOptions } from "../s3/options.ts";

/** How to reach an archive that is read. Options on how to connect are for objects in buckets. */
export interface OpenArchiveOptions extends StorageOptions {
	/** Version of an object in a bucket; by default the latest. */
	readonly versionId?: string | undefined;
	/**
	 * Milliseconds for which a request that fails for a temporary reason is repeated.
	 *
	 * @defaultValue 30 seconds for the first request, then 10 minutes
	 */
	readonly retryTimeMs?: number | undefined;
	/** Stops all work on the archive: what waits rejects with the signal's reason. */
	readonly signal?: AbortSignal | undefined;
	/** Gets a `request` event after each request, and a `retry` event before each delay for a storage or server that does not respond. */
	readonly onEvent?: ZipferryEventListener | undefined;
}

/** {@link OpenArchiveOptions} with their defaults. */
export type OpenArchiveSettings = Resolved<OpenArchiveOptions, ConnectDefaults>;

/** For options of other functions that open an archive, too. */
export const OPEN_ARCHIVE_FIELDS: Fields<OpenArchiveOptions, ConnectDefaults> = {
	...STORAGE_FIELDS,
	versionId: optional(text("the id of a version")),
	retryTimeMs: optional(retryTime()), // the first contact has another default
	signal: optional(signal()),
	onEvent: optional(callback<ZipferryEventListener>()),
};

export const OPEN_ARCHIVE_SCHEMA: OptionSchema<OpenArchiveOptions, ConnectDefaults> = schemaOf<
	OpenArchiveOptions,
	ConnectDefaults
>()(OPEN_ARCHIVE_FIELDS);

/** Milliseconds for which requests behind the first one are repeated. */
export function retryTimeOf({ retryTimeMs = 600_000 }: Pick<OpenArchiveSettings, "retryTimeMs">): number {
	return retryTimeMs;
}
