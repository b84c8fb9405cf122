import { resolveOptions } from "../../options/resolve-options.ts";
import { archiveOfJoined } from "../../sources/objects/helper-keys.ts";
import { abortUpload } from "../../storage/incomplete/abort-upload.ts";
import { type IncompleteUpload, withUploads } from "../../storage/incomplete/list-uploads.ts";
import {
	ABANDONED_AFTER_MS,
	LIST_UPLOADS_SCHEMA,
	type ListUploadsOptions,
} from "../../storage/incomplete/options.ts";
import type { KeyTemplate } from "../template/key-template.ts";

/** Uploads that a sweep has met. */
export interface SweptUploads {
	/** Could not be removed, and still take space. */
	readonly left: readonly IncompleteUpload[];
}

/**
 * Removes incomplete uploads of the archives of a template, which runs have left that were killed.
 *
 * @param alone - Whether no other run can be uploading; else only those go that have received no part for a day.
 * @throws {StorageError} if they cannot be listed
 */
export async function sweepUploads(
	{ bucket, prefix, timeOf }: KeyTemplate,
	alone: boolean,
	options: Omit<ListUploadsOptions, "bucket" | "prefix">,
): Promise<SweptUploads> {
	const settings = resolveOptions(LIST_UPLOADS_SCHEMA, { ...options, bucket, prefix });
	return await withUploads(settings, async (connection, uploads) => {
		const left: IncompleteUpload[] = [];
		for (const upload of uploads) {
			const { key, uploadId, idleMs } = upload;
			if (timeOf(archiveOfJoined(key) ?? key) === undefined || (!alone && idleMs < ABANDONED_AFTER_MS))
				continue;
			settings.signal?.throwIfAborted();
			if (!(await abortUpload(connection, { bucket, key }, uploadId, settings.signal))) left.push(upload);
		}
		return { left };
	});
}
