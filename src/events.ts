/** Something worth knowing that does not stop the run. */
export interface Warning {
	readonly code:
		| "SPECIAL_FILE_SKIPPED"
		| "UNREADABLE_SKIPPED"
		| "SYMLINK_SKIPPED"
		| "DRAFT_SKIPPED"
		| "CHANGED_WHILE_READ"
		| "NAME_NOT_UTF8"
		| "NAMES_NOT_PORTABLE"
		| "INSECURE_ENDPOINT"
		| "SIZE_UNKNOWN"
		| "INCOMPLETE_UPLOADS"
		| "NOT_RESUMED"
		| "RESUMED_AS_BEGUN";
	readonly message: string;
	/** Path or entry name it concerns. */
	readonly origin?: string | undefined;
}

/**
 * What {@link UploadZipOptions.onEvent} and {@link ZipStreamOptions.onEvent} get. A discriminated union:
 * `switch` on `type`; more types may be added. Paths and names in it are as found, not escaped for a
 * terminal.
 */
export type ZipferryEvent =
	| {
			readonly type: "planned";
			/** Entries and bytes found in the sources; what only shows while reading is not in them. */
			readonly entryCount: number;
			readonly sourceSize: number;
			/** Bytes the archive cannot exceed; `undefined` if a source has no known size. */
			readonly sizeBound: number | undefined;
			/** Whether an archive of that size needs ZIP64. */
			readonly zip64: boolean;
			/** Bytes per part, where the archive goes to a bucket. */
			readonly partSize: number | undefined;
			/** Most parts it can take; `undefined` if a source has no known size. */
			readonly maxPartCount: number | undefined;
	  }
	| {
			readonly type: "entry";
			readonly name: string;
			readonly uncompressedSize: number;
			readonly compressedSize: number;
	  }
	| {
			readonly type: "progress";
			/** Bytes read from sources so far. */
			readonly readSize: number;
			/** Bytes of archive made so far. */
			readonly archiveSize: number;
			/** Bytes the storage has confirmed so far; 0 where there is no storage. */
			readonly uploadedSize: number;
			/** Bytes of these that the storage had from an earlier run, so that they were not sent. */
			readonly resumedSize: number;
			/** Entries finished so far. */
			readonly entryCount: number;
			/** The entry that is being archived. */
			readonly entryName: string;
	  }
	| {
			readonly type: "upload-created";
			readonly uploadId: string;
			readonly partSize: number;
			/** Whether its parts are kept if the run fails or is killed. */
			readonly resumable: boolean;
	  }
	| {
			/** An incomplete upload of an earlier run is resumed. */
			readonly type: "upload-resumed";
			readonly uploadId: string;
			readonly partSize: number;
			/** What it holds; whether that is what is needed shows while the archive is made. */
			readonly partCount: number;
			readonly size: number;
			/** Milliseconds since it was begun. */
			readonly ageMs: number;
	  }
	| {
			/** The run has failed, and a later one can go on with this upload. */
			readonly type: "upload-kept";
			readonly uploadId: string;
			readonly partCount: number;
			readonly size: number;
	  }
	| {
			/** A request failed for a reason that may pass, and will be repeated after a wait. */
			readonly type: "retry";
			/** S3 operation, such as `UploadPart`. */
			readonly operation: string;
			/** Code of the server or the system, such as `SlowDown` or `ECONNRESET`. */
			readonly reason: string;
			readonly waitMs: number;
	  }
	| {
			/** A name was changed by `portableNames`. */
			readonly type: "renamed";
			readonly from: string;
			readonly to: string;
	  }
	| { readonly type: "skipped"; readonly origin: string; readonly reason: string }
	| ({ readonly type: "warning" } & Warning);

export type ZipferryEventListener = (event: ZipferryEvent) => void;
