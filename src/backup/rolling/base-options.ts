import type { UploadZipOptions } from "../../upload/options.ts";
import type { BackupBase } from "../../upload/upload-backup.ts";
import type { BackupArchive } from "../archives/archive-facts.ts";
import type { KeyTemplate } from "../template/key-template.ts";

/** How an upload is told of its base. */
export function baseOptions(
	{ bucket }: Pick<KeyTemplate, "bucket">,
	{ key, versionId }: BackupArchive,
): Pick<UploadZipOptions, "base" | "baseVersionId"> {
	return { base: `s3://${bucket}/${key}`, baseVersionId: versionId };
}

/** What is known of a base, for the metadata of the archive that is made with it. */
export function backupBase({ key, etag, metadata }: BackupArchive): BackupBase {
	return { etag, base: key, fullStartedNs: metadata.fullStartedNs ?? metadata.startedNs };
}
