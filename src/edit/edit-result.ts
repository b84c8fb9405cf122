import type { Warning } from "../events.ts";

/** An archive that was made of others, complete in its bucket; or, of a dry run, what it would be. */
export interface EditZipResult {
	/** Bucket of the object. */
	readonly bucket: string;
	/** Key of the object. */
	readonly key: string;
	/** Whether nothing was changed, as `dryRun` asks for. */
	readonly dryRun: boolean;
	/** Bytes of the archive; of a dry run at most, and `undefined` if a source has no known size. */
	readonly size: number | undefined;
	/** ETag of the object, without quotes; `undefined` of a dry run. */
	readonly etag: string | undefined;
	/** Version of the object; `undefined` unless the bucket keeps versions. */
	readonly versionId: string | undefined;
	/** Entries in the archive. */
	readonly entryCount: number;
	/** Entries of these that are new. */
	readonly addedEntryCount: number;
	/** Entries of the archives that are not in it: removed, or replaced. */
	readonly removedEntryCount: number;
	/** Entries that the storage has copied. */
	readonly copiedEntryCount: number;
	/** Bytes of the archive that the storage has copied. */
	readonly copiedSize: number;
	/** Entries that were read and sent as they are: neighbours of them are too small to be copied. */
	readonly carriedEntryCount: number;
	/** Bytes of the archive that were read and sent as they are. */
	readonly carriedSize: number;
	/**
	 * Entries of archives whose content was read back besides the structure of the whole; see {@link UploadZipOptions.verifySample}. Missing, as
	 * all that follows about reading back, of a dry run, and if nothing was to be changed.
	 */
	readonly verifiedEntryCount?: number;
	/** Large entries of which some bytes were compared with what they were copied from. */
	readonly comparedEntryCount?: number;
	/** Bytes that were read back of the archive. */
	readonly verifiedSize?: number;
	/** Number of parts, 1 for a single request, 0 if nothing was to be changed; `undefined` of a dry run. */
	readonly partCount: number | undefined;
	/** How it was read back. */
	readonly verified?: "structure" | "content";
	/** Whether anything in the archive needs ZIP64. */
	readonly zip64: boolean;
	/** Files of the sources left out: special files, links by option, and unreadable files with `skipErrors`. */
	readonly skippedCount: number;
	/** The first 1,000 warnings; `onEvent` gets them all. */
	readonly warnings: readonly Warning[];
}
