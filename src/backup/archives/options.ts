import type { ZipferryEventListener } from "../../events.ts";
import { type OptionSchema, optional, schemaOf } from "../../options/field.ts";
import { callback, signal } from "../../options/kinds.ts";
import { type ConnectDefaults, retryTime, STORAGE_FIELDS, type StorageOptions } from "../../s3/options.ts";

/** How to reach the archives of a job. */
export interface BackupsOptions extends StorageOptions {
	/**
	 * Milliseconds for which a request is retried that fails for a temporary reason.
	 *
	 * @defaultValue 1 minute, and about ten seconds if the host name does not exist
	 */
	readonly retryTimeMs?: number | undefined;
	/** Stops the work: the promise rejects with the signal's reason. */
	readonly signal?: AbortSignal | undefined;
	/** Gets a `retry` event before each delay for a storage that does not respond, and a `request` for each attempt. */
	readonly onEvent?: ZipferryEventListener | undefined;
}

export const BACKUPS_SCHEMA: OptionSchema<BackupsOptions, ConnectDefaults> = schemaOf<
	BackupsOptions,
	ConnectDefaults
>()({
	...STORAGE_FIELDS,
	retryTimeMs: optional(retryTime()),
	signal: optional(signal()),
	onEvent: optional(callback<ZipferryEventListener>()),
});
