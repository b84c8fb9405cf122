import type { ArchiveMetadata } from "../../upload/archive-metadata.ts";

/** An archive of a job, as the listing and its metadata tell. */
export interface BackupArchive {
	readonly key: string;
	/** On versioned buckets. */
	readonly versionId: string | undefined;
	/** The time in its key. */
	readonly time: Date;
	/** Bytes. */
	readonly size: number;
	/** Without quotes. */
	readonly etag: string;
	readonly metadata: ArchiveMetadata;
	/** Absent for the usual one. */
	readonly storageClass?: string | undefined;
	/** Before then the storage does not let it go, if it says so; {@link lockedUntil} knows more. */
	readonly lockedUntil?: Date | undefined;
	/** Nor while somebody holds it. */
	readonly legalHold?: boolean | undefined;
	/** What became known of it later; `undefined` if nobody has written anything. */
	readonly record: ArchiveRecord | undefined;
}

/** The record object beside an archive: JSON under `<key>.record.json`, written once the archive is proven. */
export interface ArchiveRecord {
	readonly version: 1;
	/** Of the archive that it is about. */
	readonly etag: string;
	readonly versionId: string | undefined;
	/** Some of the sources could not be read when it was made: it lacks them. */
	readonly incomplete?: boolean | undefined;
	readonly verified: readonly Verification[];
	readonly drills: readonly Drill[];
	readonly locks: readonly Lock[];
}

export interface Verification {
	/** ISO 8601. */
	readonly at: string;
	readonly level: "structure" | "headers" | "content";
}

/** A restore that was tried. */
export interface Drill {
	/** ISO 8601. */
	readonly at: string;
	readonly ok: boolean;
	readonly entryCount: number;
	/** Bytes. */
	readonly size: number;
	/** Share of the entries that was restored, above 0 and up to 1. */
	readonly sample: number;
	readonly elapsedMs: number;
	readonly host: string;
	readonly error: string | undefined;
}

/** A date before which the storage does not let the archive go. */
interface Lock {
	/** ISO 8601. */
	readonly at: string;
	readonly mode: "governance" | "compliance";
	/** ISO 8601. */
	readonly until: string;
}
