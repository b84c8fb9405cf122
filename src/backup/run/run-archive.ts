import type { UploadZipResult } from "../../upload/attempt.ts";
import type { BackupArchive } from "../archives/archive-facts.ts";
import { fullStart, fullStartedAt } from "../rolling/full-start.ts";
import type { RunArchive } from "../run-report.ts";
import type { KeyTemplate } from "../template/key-template.ts";
import type { Fingerprint } from "./fingerprint.ts";

/**
 * The archive that a run has published.
 *
 * @param base - What it was to be copied from.
 */
export function publishedArchive(
	result: UploadZipResult,
	verified: RunArchive["verified"],
	base: BackupArchive | undefined,
): RunArchive {
	const { bucket, key, versionId, size, etag, entryCount, skippedCount, copiedEntryCount, copiedSize } =
		result;
	const used = copiedEntryCount === 0 ? undefined : base;
	return {
		...{ bucket, key, versionId, size, etag, entryCount, skippedCount, verified },
		base: used?.key,
		fullStartedAt: used && fullStart(used.metadata).toISOString(),
		...{ copiedEntryCount, copiedSize },
	};
}

/** The archive that holds what the sources are now. */
export function unchangedArchive(
	{ bucket }: KeyTemplate,
	{ key, versionId, size, etag, record, metadata }: BackupArchive,
	{ entryCount }: Fingerprint,
): RunArchive {
	const isRead = record?.verified.some(({ level }) => level === "content") === true;
	const verified = isRead ? "content" : "structure";
	return {
		...{ bucket, key, versionId, size, etag, entryCount, skippedCount: 0, verified },
		base: metadata.base,
		fullStartedAt: fullStartedAt(metadata),
		...{ copiedEntryCount: undefined, copiedSize: undefined },
	};
}
