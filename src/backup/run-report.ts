import type { Warning } from "../events.ts";

/** How a run went: what notifiers, metrics, programs and the schedule are told. Plain data. */
export interface RunReport {
	readonly job: string | undefined;
	readonly host: string;
	/** `"unchanged"`: nothing was uploaded, as the sources are as they were. */
	readonly status: "running" | "success" | "unchanged" | "failure";
	/** ISO 8601. */
	readonly startedAt: string;
	readonly elapsedMs: number;
	/** Exit code of the run: 0, 3, or that of the error. */
	readonly exitCode: number;
	/** One line, without secrets. */
	readonly error: { readonly code: string; readonly message: string } | undefined;
	readonly archive: RunArchive | undefined;
	readonly retention: RunRetention | undefined;
	readonly warnings: readonly Warning[];
}

/** The archive that a run has published, or found unchanged. */
export interface RunArchive {
	readonly bucket: string;
	readonly key: string;
	readonly versionId: string | undefined;
	/** Bytes. */
	readonly size: number;
	readonly etag: string;
	readonly entryCount: number;
	readonly skippedCount: number;
	readonly verified: "structure" | "content";
	/** Key of the archive that parts of it were copied from; `undefined` if all of it was made from the sources. */
	readonly base: string | undefined;
	/** Then: when the last run began that has made all from the sources, ISO 8601. */
	readonly fullStartedAt: string | undefined;
	/** Entries that were copied; `undefined` if the archive is of an earlier run. */
	readonly copiedEntryCount: number | undefined;
	/** Bytes of the archive that were copied, and not sent. */
	readonly copiedSize: number | undefined;
}

/** What retention has done. */
export interface RunRetention {
	readonly keptCount: number;
	readonly removedCount: number;
	/** Keys. */
	readonly removed: readonly string[];
	/** Archives that would be removed, but the storage holds until then. */
	readonly lockedCount: number;
}
