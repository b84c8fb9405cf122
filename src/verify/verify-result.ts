import type { SourceIdentity } from "../reader/ranged/ranged-source.ts";
import type { EntryDifference } from "./differences/difference.ts";
import type { ArchiveFinding } from "./finding.ts";
import type { VerifyLevel } from "./options.ts";

/**
 * What a check cannot tell, because it has not looked, or because nothing in the archive is there to compare it with:
 *
 * - `"content"`: the data of entries that were not read.
 * - `"records"`: local headers and data descriptors that were not read.
 * - `"fields"`: fields that no checksum protects: modes, comments, version made by, and with other tools' archives times and extra
 *   fields. Only a hash of the whole archive shows that they are as they were: a bucket keeps one of most objects, and level
 *   `"content"` compares it.
 */
export type Unproven = "content" | "records" | "fields";

/** What {@link verifyArchive} has found. */
export interface VerifyArchiveResult {
	/** Whether there are no findings, and no differences. */
	readonly ok: boolean;
	/** Path or URL of the archive, without credentials. */
	readonly location: string;
	/** Bytes. */
	readonly size: number;
	/** What the state that was checked is known by: ETag, version, or time of the last change. */
	readonly identity: SourceIdentity;
	/** How much was checked. */
	readonly level: VerifyLevel;
	/** Number of entries, as the end of the archive says. */
	readonly entryCount: number;
	/** Local headers that were compared. */
	readonly headerCount: number;
	/** Entries whose data was read, and has the CRC-32 that the archive states. */
	readonly contentCount: number;
	/** Bytes of these, uncompressed. */
	readonly contentSize: number;
	/** Bytes that were read of the archive. */
	readonly readSize: number;
	/** Ranges that were read; each is a request to a bucket or server. */
	readonly requestCount: number;
	/** Whether all bytes were compared with a hash that the storage keeps of the object. */
	readonly hashCompared: boolean;
	/** Number of findings. */
	readonly findingCount: number;
	/** The first 1,000 of them, in the order of the archive. */
	readonly findings: readonly ArchiveFinding[];
	/** Number of differences to the directory of `against`; `undefined` if it was not compared. */
	readonly differenceCount: number | undefined;
	/** The first 1,000 of them: the archive is before, the directory after. */
	readonly differences: readonly EntryDifference[];
	/** What the check cannot tell. */
	readonly unproven: readonly Unproven[];
}
