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
	/** The endpoint is `http:`. */
	| "INSECURE_ENDPOINT"
	/** A source has no known size, and the archive may reach what the chosen parts hold. */
	| "SIZE_UNKNOWN"
	/** Incomplete uploads of the key take space. */
	| "INCOMPLETE_UPLOADS"
	/** An incomplete upload, or parts of it, cannot be resumed. */
	| "NOT_RESUMED"
	/** The object has what the run asked for that started the upload, not what this run asks for. */
	| "RESUMED_AS_BEGUN"
	/** An entry is not extracted, as the target cannot have such a thing; exit code 3 of the command. */
	| "ENTRY_LEFT_OUT";

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

/** An entry is in the archive, all of it. */
export interface EntryEvent {
	/** Tells the event apart. */
	readonly type: "entry";
	/** Name in the archive; bytes that are no UTF-8 are replaced. */
	readonly name: string;
	/** Bytes before compression. */
	readonly uncompressedSize: number;
	/** Bytes in the archive, without headers. */
	readonly compressedSize: number;
}

/** How far a run is; comes with every chunk of the archive and every part the storage has confirmed. */
export interface ArchiveProgressEvent {
	/** Tells the event apart. */
	readonly type: "progress";
	/** Bytes read from sources so far. */
	readonly readSize: number;
	/** Bytes of archive made so far. */
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

/** A name was changed by `portableNames`. */
export interface RenamedEvent {
	/** Tells the event apart. */
	readonly type: "renamed";
	/** Name of the source. */
	readonly from: string;
	/** Name in the archive. */
	readonly to: string;
}

/** Something is left out: a special file, a link by option, or an unreadable file with `skipErrors`. */
export interface SkippedEvent {
	/** Tells the event apart. */
	readonly type: "skipped";
	/** Path or entry name. */
	readonly origin: string;
	/** Why, in a few words. */
	readonly reason: string;
}

/** An archive has been looked through, and nothing has been written yet. */
export interface ExtractPlannedEvent {
	/** Tells the event apart. */
	readonly type: "extract-planned";
	/** Entries that are going to be extracted. */
	readonly entryCount: number;
	/** Bytes of all files among them. */
	readonly size: number;
	/** Entries that are there already, as `resume` has found. */
	readonly resumedCount: number;
}

/** An entry has been extracted, all of it; with `dryRun`, it would be. */
export interface ExtractedEvent {
	/** Tells the event apart. */
	readonly type: "extracted";
	/** Path below the target; bytes that are no UTF-8 are replaced. That of a directory ends in `/`. */
	readonly path: string;
	/** Bytes. */
	readonly size: number;
}

/** How far an extraction is; comes with everything that was written. */
export interface ExtractProgressEvent {
	/** Tells the event apart. */
	readonly type: "extract-progress";
	/** Bytes written so far. */
	readonly writtenSize: number;
	/** Entries that are complete so far. */
	readonly entryCount: number;
	/** Path of the one that was completed last. */
	readonly path: string;
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
	| EntryEvent
	| ArchiveProgressEvent
	| UploadCreatedEvent
	| UploadResumedEvent
	| UploadKeptEvent
	| RetryEvent
	| RenamedEvent
	| SkippedEvent
	| ExtractPlannedEvent
	| ExtractedEvent
	| ExtractProgressEvent
	| WarningEvent;

/** A function that is called with each event, in order. */
export type ZipferryEventListener = (event: ZipferryEvent) => void;
