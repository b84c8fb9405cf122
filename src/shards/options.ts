import type { ZipferryEventListener } from "../events.ts";
import { type Fields, type OptionSchema, optional, type Resolved, schemaOf } from "../options/field.ts";
import { callback, count, signal } from "../options/kinds.ts";
import { type ConnectDefaults, retryTime, STORAGE_FIELDS, type StorageOptions } from "../s3/options.ts";
import { type BandwidthLimit, bandwidthLimit } from "../storage/parts/bandwidth-limit.ts";

/** How to reach the storage of an archive that is made of shards, and how long it is tried. Bucket and key are the plan's. */
export interface ShardsOptions extends StorageOptions {
	/**
	 * Milliseconds for which a request is retried that fails for a temporary reason.
	 *
	 * @defaultValue 10 minutes
	 */
	readonly retryTimeMs?: number | undefined;
	/** Stops the work: the promise rejects with the signal's reason. */
	readonly signal?: AbortSignal | undefined;
	/** Gets a `retry` event before each delay for a storage that does not respond, a `request` for each attempt, and warnings. */
	readonly onEvent?: ZipferryEventListener | undefined;
}

/** How fast parts are sent. */
export interface PartPaceOptions {
	/**
	 * Parts to send at once, 1 to 64.
	 *
	 * @defaultValue `8`; `4` with parts of more than 8 MiB
	 */
	readonly concurrency?: number | undefined;
	/**
	 * Sends at most this many bytes per second over all connections of this call together, or follows a timetable; see
	 * {@link UploadZipOptions.bandwidthLimit}.
	 *
	 * @defaultValue no limit
	 */
	readonly bandwidthLimit?: BandwidthLimit | undefined;
}

export const SHARDS_FIELDS: Fields<ShardsOptions, ConnectDefaults> = {
	...STORAGE_FIELDS,
	retryTimeMs: optional(retryTime()),
	signal: optional(signal()),
	onEvent: optional(callback<ZipferryEventListener>()),
};

export const PART_PACE_FIELDS: Fields<PartPaceOptions> = {
	concurrency: optional(count(1, 64)), // the default depends on the parts
	bandwidthLimit: optional(bandwidthLimit()),
};

/** {@link ShardsOptions} with their defaults. */
export type ShardsSettings = Resolved<ShardsOptions, ConnectDefaults>;

/** How `abortShards` and `shardsStatus` reach the storage. */
export const SHARDS_SCHEMA: OptionSchema<ShardsOptions, ConnectDefaults> = schemaOf<
	ShardsOptions,
	ConnectDefaults
>()(SHARDS_FIELDS);

/** How long a request is repeated. */
export function shardsRetryTime({ retryTimeMs = 600_000 }: Pick<ShardsOptions, "retryTimeMs">): number {
	return retryTimeMs;
}
