import type { Warning } from "./advice/warning.ts";
import type {
	ExtractedEvent,
	ExtractPlannedEvent,
	ExtractProgressEvent,
	VerifyProgressEvent,
} from "./events/reading.ts";

export type { Warning, WarningCode } from "./advice/warning.ts";

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

/** An entry is made and sent although there is a base, and why. */
export interface NotCopiedEvent {
	/** Tells the event apart. */
	readonly type: "not-copied";
	/** Name in the archive; bytes that are no UTF-8 are replaced. */
	readonly name: string;
	/** Why it is not copied. */
	readonly reason: NotCopiedReason;
}

/**
 * Why an entry is not copied from the base:
 *
 * - `"new"`: the base has no entry of that name.
 * - `"kind"`, `"size"`, `"mtime"`, `"mode"`, `"content"`: it is another one than in the base.
 * - `"header"`: something else in its headers is another, such as its comment.
 * - `"ctime"`: the file was changed, or its attributes were, when the base was begun or later.
 * - `"recent"`: its time is not before the beginning of the base, so that a change in the same second would not show.
 * - `"unknown"`: nothing tells one state of it from another.
 * - `"small-run"`: unchanged, but it and its unchanged neighbours have fewer bytes than the smallest part that the storage copies.
 * - `"too-many-parts"`: unchanged, but the storage takes no more parts.
 */
export type NotCopiedReason =
	| "new"
	| "kind"
	| "size"
	| "mtime"
	| "mode"
	| "content"
	| "header"
	| "ctime"
	| "recent"
	| "unknown"
	| "small-run"
	| "too-many-parts";

/** It is decided what is copied from the base. */
export interface ComposedEvent {
	/** Tells the event apart. */
	readonly type: "composed";
	/** Address of the base. */
	readonly base: string;
	/** Entries that are copied. */
	readonly copiedEntryCount: number;
	/** Bytes of the archive that are copied. */
	readonly copiedSize: number;
	/** Parts that they are copied in. */
	readonly copiedPartCount: number;
	/** Bytes that are made and sent at most; `undefined` if a source has no known size. */
	readonly madeSizeBound: number | undefined;
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
	readonly method: "stored" | "deflated" | "zstd";
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

/** An attempt of a request to the storage, or to the server of a URL, has ended, well or not; for logs. */
export interface RequestEvent {
	/** Tells the event apart. */
	readonly type: "request";
	/** S3 operation, such as `UploadPart`; the method of a request to a URL. */
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

/** A command among the sources has written a line to its stderr. */
export interface CommandOutputEvent {
	/** Tells the event apart. */
	readonly type: "command-output";
	/** Name of the entry that its output becomes. */
	readonly name: string;
	/** The line, cut if it is long. */
	readonly line: string;
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

/** An event: `switch` on `type`; more types may be added. Paths and names in it are as found, not escaped for a terminal. */
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
	| CommandOutputEvent
	| RenamedEvent
	| SkippedEvent
	| ExtractPlannedEvent
	| ExtractedEvent
	| ExtractProgressEvent
	| VerifyProgressEvent
	| WarningEvent
	| NotCopiedEvent
	| ComposedEvent;

/**
 * A function that is called with each event, in order. If it returns a promise, the archive goes on when that is fulfilled: a log that
 * is slower than entries come slows the run down, and fills no memory. What it throws, or a promise that is rejected before the
 * archive is complete, fails the run. `ZipStream` waits for no promise: whoever reads it sets the pace.
 */
export type ZipferryEventListener = (event: ZipferryEvent) => void;
