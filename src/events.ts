import type { Advice } from "./advice/advice.ts";

/** Tells the kinds of {@link Warning} apart. New ones may be added. */
export type WarningCode =
	/** A file or directory could not be read and is left out, as `skipErrors` asks; exit code 3 of the command. */
	| "UNREADABLE_SKIPPED"
	/** The draft of another archive is left out: `createZip` was killed while it wrote it. */
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
	/** A source has no known size, and the archive may reach what the chosen parts hold. */
	| "SIZE_UNKNOWN"
	/** Incomplete uploads of the key take space. */
	| "INCOMPLETE_UPLOADS"
	/** An incomplete upload, or parts of it, cannot be resumed. */
	| "NOT_RESUMED"
	/** The object has what the run asked for that started the upload, not what this run asks for. */
	| "RESUMED_AS_BEGUN";

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

/** The sources have been listed; nothing has been opened or sent yet. */
export interface PlannedEvent {
	/** Tells the event apart. */
	readonly type: "planned";
	/** Entries found in the sources; those that appear only while reading are not counted. */
	readonly entryCount: number;
	/** Bytes of all files found. */
	readonly sourceSize: number;
	/** Bytes the archive cannot exceed; `undefined` if a source has no known size. */
	readonly sizeBound: number | undefined;
	/** Whether an archive of that size needs ZIP64. */
	readonly zip64: boolean;
	/** Bytes per part; `undefined` if the archive does not go to a bucket. */
	readonly partSize: number | undefined;
	/** Most parts it can take; `undefined` if a source has no known size, or without a bucket. */
	readonly maxPartCount: number | undefined;
}

/** An entry would be in the archive: `planUpload` has found it. A run that makes the archive tells `entry` instead. */
export interface FoundEvent {
	/** Tells the event apart. */
	readonly type: "found";
	/** Name in the archive; bytes that are no UTF-8 are replaced. */
	readonly name: string;
	/** Kind of the entry. */
	readonly kind: "file" | "directory" | "symlink";
	/** Bytes of its data; `undefined` if only reading it will tell. */
	readonly size: number | undefined;
}

/** An entry is in the archive, all of it. */
export interface EntryEvent {
	/** Tells the event apart. */
	readonly type: "entry";
	/** Name in the archive; bytes that are no UTF-8 are replaced. */
	readonly name: string;
	/** Kind of the entry. */
	readonly kind: "file" | "directory" | "symlink";
	/** How its data is stored. */
	readonly method: "stored" | "deflated";
	/** Bytes before compression. */
	readonly uncompressedSize: number;
	/** Bytes in the archive, without headers. */
	readonly compressedSize: number;
}

/** How far a run is; comes with every chunk that the destination has taken and every part the storage has confirmed. */
export interface ArchiveProgressEvent {
	/** Tells the event apart. */
	readonly type: "progress";
	/** Bytes of sources that were read for that much of the archive. */
	readonly readSize: number;
	/** Bytes of archive that the destination has taken so far: written, or, on their way to a storage, put into parts. */
	readonly archiveSize: number;
	/** Bytes the storage has confirmed so far; 0 if there is no storage. */
	readonly uploadedSize: number;
	/** Bytes of these that an earlier run had sent. */
	readonly resumedSize: number;
	/** Entries finished so far. */
	readonly entryCount: number;
	/** The entry that is being archived. */
	readonly entryName: string;
}

/** A multipart upload has started. An archive of one part is sent without one. */
export interface UploadCreatedEvent {
	/** Tells the event apart. */
	readonly type: "upload-created";
	/** Id that the storage gave it. */
	readonly uploadId: string;
	/** Bytes of the first part. */
	readonly partSize: number;
	/** Whether its parts are kept if the run fails or is killed. */
	readonly resumable: boolean;
}

/** An incomplete upload of an earlier run is resumed. */
export interface UploadResumedEvent {
	/** Tells the event apart. */
	readonly type: "upload-resumed";
	/** Id of the upload. */
	readonly uploadId: string;
	/** Bytes of the first part. */
	readonly partSize: number;
	/** Parts it holds; each is compared with the archive during the run. */
	readonly partCount: number;
	/** Bytes of these parts. */
	readonly size: number;
	/** Milliseconds since it started, by the clock of the storage. */
	readonly ageMs: number;
}

/** The run has failed, and a later one can resume this upload. */
export interface UploadKeptEvent {
	/** Tells the event apart. */
	readonly type: "upload-kept";
	/** Id of the upload. */
	readonly uploadId: string;
	/** Parts it holds. */
	readonly partCount: number;
	/** Bytes of these parts. */
	readonly size: number;
}

/** A request failed for a temporary reason, and is retried after a delay. */
export interface RetryEvent {
	/** Tells the event apart. */
	readonly type: "retry";
	/** S3 operation, such as `UploadPart`. */
	readonly operation: string;
	/** Code of the server or the system, such as `SlowDown` or `ECONNRESET`. */
	readonly reason: string;
	/** Milliseconds of the delay. */
	readonly waitMs: number;
}

/** An attempt of a request to the storage has ended, well or not; for logs. */
export interface RequestEvent {
	/** Tells the event apart. */
	readonly type: "request";
	/** S3 operation, such as `UploadPart`. */
	readonly operation: string;
	/** Number of the part that the request is about; `undefined` for other requests. */
	readonly partNumber: number | undefined;
	/** 1, and one more for each repetition. */
	readonly attempt: number;
	/** HTTP status of the response; `undefined` if there was none. */
	readonly status: number | undefined;
	/** Bytes of the request's body. */
	readonly sentSize: number;
	/** Bytes of the response's body, as the storage announced them; `undefined` if it did not. */
	readonly receivedSize: number | undefined;
	/** Milliseconds from the start of the attempt to its response, all of it if it is a document. */
	readonly elapsedMs: number;
	/** The storage's id of the request, which its operators can find. */
	readonly requestId: string | undefined;
	/** Code of the failure, such as `SlowDown` or `ECONNRESET`; `undefined` if the attempt succeeded. */
	readonly failure: string | undefined;
}

/** A name was changed by `portableNames`. */
export interface RenamedEvent {
	/** Tells the event apart. */
	readonly type: "renamed";
	/** Name of the source. */
	readonly from: string;
	/** Name in the archive. */
	readonly to: string;
}

/**
 * Something is left out: a special file, a link by option, an unreadable file with `skipErrors`, or an older archive
 * that the new one takes the place of.
 */
export interface SkippedEvent {
	/** Tells the event apart. */
	readonly type: "skipped";
	/** Path or entry name. */
	readonly origin: string;
	/** Why, in a few words. */
	readonly reason: string;
	/** There if a directory itself is in the archive, and only what is in it is left out. */
	readonly contentsOnly?: boolean | undefined;
}

/** A {@link Warning}. The result of a run has the first 1,000 of them. */
export interface WarningEvent extends Warning {
	/** Tells the event apart. */
	readonly type: "warning";
}

/**
 * An event that {@link ZipOptions.onEvent} gets. A discriminated union: `switch` on `type`; more types may be added.
 * Paths and names in it are as found, not escaped for a terminal.
 */
export type ZipferryEvent =
	| PlannedEvent
	| FoundEvent
	| EntryEvent
	| ArchiveProgressEvent
	| UploadCreatedEvent
	| UploadResumedEvent
	| UploadKeptEvent
	| RetryEvent
	| RequestEvent
	| RenamedEvent
	| SkippedEvent
	| WarningEvent;

/**
 * A function that is called with each event, in order. If it returns a promise, the archive goes on when that is
 * fulfilled: a log that is slower than entries come slows the run down, and fills no memory. What it throws, or a
 * promise that is rejected before the archive is complete, fails the run. `ZipStream` waits for no promise: whoever
 * reads it sets the pace.
 */
export type ZipferryEventListener = (event: ZipferryEvent) => void;
