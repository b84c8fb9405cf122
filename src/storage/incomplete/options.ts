import type { ZipferryEventListener } from "../../events.ts";
import {
	type Fields,
	type OptionSchema,
	optional,
	type Resolved,
	schemaOf,
	withDefault,
} from "../../options/field.ts";
import { callback, flag, millisecondsFrom, signal, text } from "../../options/kinds.ts";
import { PREFIX_ADDRESS_FIELDS } from "../../s3/address.ts";
import { type ConnectDefaults, retryTime, STORAGE_FIELDS, type StorageOptions } from "../../s3/options.ts";

/** Selects incomplete uploads to list. */
export interface ListUploadsOptions extends StorageOptions {
	/** Name of the bucket, or the ARN of an access point of one region. */
	readonly bucket: string;
	/**
	 * Selects only uploads whose keys begin with this.
	 *
	 * @defaultValue `""`: the whole bucket
	 */
	readonly prefix?: string | undefined;
	/** Selects only the upload with this id. */
	readonly uploadId?: string | undefined;
	/**
	 * Milliseconds for which a request is retried that fails for a temporary reason.
	 *
	 * @defaultValue 1 minute; 30 seconds for the first request, and about ten if its host name does not exist; 10 seconds
	 * for each upload that is to be removed. A value that is given applies to all of them
	 */
	readonly retryTimeMs?: number | undefined;
	/** Stops the work: the promise rejects with the signal's reason. */
	readonly signal?: AbortSignal | undefined;
	/** Gets a `retry` event before each delay for a storage that does not respond, and a `request` for each attempt. */
	readonly onEvent?: ZipferryEventListener | undefined;
}

/** Selects incomplete uploads to remove. */
export interface AbortUploadsOptions extends ListUploadsOptions {
	/**
	 * Milliseconds without a new part after which an upload counts as abandoned; 0 selects running uploads too.
	 *
	 * @defaultValue 1 day; 0 with an `uploadId`
	 */
	readonly olderThanMs?: number | undefined;
	/**
	 * Reports what would be removed, and removes nothing.
	 *
	 * @defaultValue `false`
	 */
	readonly dryRun?: boolean | undefined;
}

export type ListUploadsDefaults = ConnectDefaults | "prefix";
export type AbortUploadsDefaults = ListUploadsDefaults | "dryRun";

/** {@link ListUploadsOptions} with their defaults. */
export type ListUploadsSettings = Resolved<ListUploadsOptions, ListUploadsDefaults>;
/** {@link AbortUploadsOptions} with their defaults. */
export type AbortUploadsSettings = Resolved<AbortUploadsOptions, AbortUploadsDefaults>;

const LIST_UPLOADS_FIELDS: Fields<ListUploadsOptions, ListUploadsDefaults> = {
	...STORAGE_FIELDS,
	bucket: PREFIX_ADDRESS_FIELDS.bucket,
	prefix: withDefault(PREFIX_ADDRESS_FIELDS.prefix, ""),
	uploadId: optional(text("the id of an upload")),
	retryTimeMs: optional(retryTime()),
	signal: optional(signal()),
	onEvent: optional(callback<ZipferryEventListener>()),
};

export const LIST_UPLOADS_SCHEMA: OptionSchema<ListUploadsOptions, ListUploadsDefaults> = schemaOf<
	ListUploadsOptions,
	ListUploadsDefaults
>()(LIST_UPLOADS_FIELDS);

/** An upload that has received no part for so long counts as abandoned. */
export const ABANDONED_AFTER_MS = 86_400_000;

export const ABORT_UPLOADS_SCHEMA: OptionSchema<AbortUploadsOptions, AbortUploadsDefaults> = schemaOf<
	AbortUploadsOptions,
	AbortUploadsDefaults
>()({
	...LIST_UPLOADS_FIELDS,
	olderThanMs: optional(millisecondsFrom(0)), // its default depends on `uploadId`
	dryRun: withDefault(flag(), false),
});
