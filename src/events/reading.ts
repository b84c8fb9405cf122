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

/** How far `verifyArchive()` is with headers or content; comes with each part of the archive that is read, up to 4 MiB. */
export interface VerifyProgressEvent {
	/** Tells the event apart. */
	readonly type: "verify-progress";
	/** Bytes of the archive that have been gone through. */
	readonly checkedSize: number;
	/** Bytes there are to go through: all entries. */
	readonly size: number;
	/** Entries that have been looked at. */
	readonly entryCount: number;
	/** Name of the last of these; empty before there is one. */
	readonly entryName: string;
}
