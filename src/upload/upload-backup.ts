import type { Source } from "../sources/source.ts";
import { type BackupMark, type BaseMark, objectMetadata } from "./archive-metadata.ts";
import type { UploadZipResult } from "./attempt.ts";
import type { UploadZipOptions } from "./options.ts";
import { uploadMarked } from "./upload-zip.ts";

/** The base of a backup, as it was found. */
export interface BackupBase extends BaseMark {
	/** Without quotes: an object in another state will not do. */
	readonly etag: string;
}

/**
 * As {@link uploadZip}, for the archive of a backup.
 *
 * @param mark - What the metadata of the object says of the backup.
 * @param base - Where `options` names one.
 */
export async function uploadBackup(
	sources: Source | readonly Source[],
	options: UploadZipOptions,
	mark: BackupMark,
	base?: BackupBase,
): Promise<UploadZipResult> {
	return await uploadMarked(sources, options, {
		baseEtag: base?.etag,
		metadataOf(settings, startedMs, copies) {
			if (!copies) return objectMetadata(settings, startedMs, mark);
			// Without a base, to see whether later archives of the job have room for it: a job fails at its first run, or never.
			const { fullStartedNs = `${BigInt(startedMs) * 1_000_000n}`, base: key } = base ?? {};
			return objectMetadata(settings, startedMs, { ...mark, fullStartedNs, base: key });
		},
	});
}
