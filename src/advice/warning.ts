import type { Advice } from "./advice.ts";

/** Tells the kinds of {@link Warning} apart. New ones may be added. */
export type WarningCode =
	/** A file or directory could not be read and is left out, as `skipErrors` asks; exit code 3 of the command. */
	| "UNREADABLE_SKIPPED"
	/**
	 * The draft of another archive is left out: `createZip` was killed while it wrote it, or its shards are being made, or were never
	 * finished.
	 */
	| "DRAFT_SKIPPED"
	/** A draft of the destination cannot be removed, or another machine may still be writing it. */
	| "DRAFT_LEFT"
	/** A file changed while it was read: the archive may hold a mix of old and new contents. */
	| "CHANGED_WHILE_READ"
	/** A name is not UTF-8, and the archive keeps it byte for byte. */
	| "NAME_NOT_UTF8"
	/** Windows or strict readers refuse some names, which stay as they are; `portableNames` changes them. */
	| "NAMES_NOT_PORTABLE"
	/** A bucket name that only old buckets, or those of some storages, have; it may be a slip. */
	| "UNUSUAL_BUCKET_NAME"
	/** Some names are the same to Windows and macOS, which extract only one of them. */
	| "NAMES_COLLIDE"
	/** The object is complete, but the storage does not show its tags; it may have dropped them. */
	| "TAGS_NOT_SHOWN"
	/** The endpoint is `http:`. */
	| "INSECURE_ENDPOINT"
	/**
	 * A source has no known size, and the archive may reach what the chosen parts hold: told by `planUpload`, and by
	 * `uploadZip` once it has filled a tenth of them.
	 */
	| "SIZE_UNKNOWN"
	/** Incomplete uploads of the key take space. */
	| "INCOMPLETE_UPLOADS"
	/** An incomplete upload, or parts of it, cannot be resumed. */
	| "NOT_RESUMED"
	/** The object has what the run asked for that started the upload, not what this run asks for. */
	| "RESUMED_AS_BEGUN"
	/** The base is not there, or cannot be copied from: all of the archive is made and sent. */
	| "BASE_NOT_USED"
	/** The storage refuses to copy objects that are sources into the archive: all of it is sent. */
	| "OBJECTS_NOT_COPIED"
	/** An archive is complete, or was given up, and objects that were needed to make it could not be removed. */
	| "HELPERS_LEFT"
	/** A hook that runs in any case has failed; the backup is not affected. */
	| "HOOK_FAILED"
	/** Archives are locked in compliance mode from this run on: nobody can delete one before its date. */
	| "FIRST_COMPLIANCE_LOCK"
	/** No older archive was removed, as the new one lacks something. */
	| "RETENTION_SKIPPED"
	/** The lease of a backup could not be given back; it ends by itself. */
	| "LEASE_LEFT"
	/** Something else has failed after the failure of a backup. */
	| "FAILED_AGAIN"
	/** An entry is not extracted, as the target cannot have such a thing; exit code 3 of the command. */
	| "ENTRY_LEFT_OUT"
	/** Somebody who was to be told of a backup was not reached. */
	| "NOT_TOLD"
	/** The file with the metrics of a backup could not be written. */
	| "METRICS_NOT_WRITTEN"
	/** The file that CRC-32s are remembered in cannot be used, or parts of it are damaged. */
	| "CRC_CACHE_UNUSABLE";

/** Something worth knowing that does not stop the run. */
export interface Warning {
	/** The kind of warning. */
	readonly code: WarningCode;
	/** One sentence for people. Paths and names in it are as found, not escaped for a terminal. */
	readonly message: string;
	/** The message without the advice, if there is advice. */
	readonly problem?: string | undefined;
	/** The advice as data, for programs that put it into their own words. */
	readonly advice?: Advice | undefined;
	/** Path or entry name that the warning is about. */
	readonly origin?: string | undefined;
}
