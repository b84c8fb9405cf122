import { ListPartsCommand } from "@aws-sdk/client-s3";
import { isUnknownUpload } from "./abort-upload.ts";
import type { Connection } from "./client.ts";
import { withRetries } from "./retry.ts";
import { readSdkError } from "./sdk-error.ts";
import { toStorageError } from "./storage-errors.ts";
import { LISTING_TIME_MS, type ListedUpload } from "./uploads-listing.ts";

/** What an unfinished upload holds. */
export interface UploadedParts {
	/** Bytes of all parts; `undefined` if the credentials may not look. */
	readonly bytes: number | undefined;
	readonly parts: number | undefined;
	/** When the last part came in, by the server's clock. */
	readonly lastPart: Date | undefined;
}

/**
 * Adds up the parts of an unfinished upload, over all pages of their list.
 *
 * @returns `undefined` if the upload is gone by now.
 * @throws {StorageError} for anything but a missing permission.
 */
export async function sumParts(
	{ client }: Pick<Connection, "client">,
	bucket: string,
	{ key, uploadId }: Pick<ListedUpload, "key" | "uploadId">,
	signal?: AbortSignal | undefined,
): Promise<UploadedParts | undefined> {
	const abortable = signal === undefined ? {} : { abortSignal: signal };
	const upload = { Bucket: bucket, Key: key, UploadId: uploadId };
	let bytes = 0;
	let parts = 0;
	let lastPart: Date | undefined;
	let marker: string | undefined;
	for (;;) {
		try {
			const command = new ListPartsCommand({
				...upload,
				...(marker === undefined ? {} : { PartNumberMarker: marker }),
			});
			const policy = { budgetMs: LISTING_TIME_MS, stop: signal };
			const page = await withRetries(() => client.send(command, abortable), policy);
			for (const { Size = 0, LastModified } of page.Parts ?? []) {
				bytes += Size;
				parts += 1;
				if (LastModified !== undefined && !(lastPart !== undefined && lastPart > LastModified))
					lastPart = LastModified;
			}
			const next = page.NextPartNumberMarker;
			if (page.IsTruncated !== true || next === undefined || next === marker)
				return { bytes, parts, lastPart };
			marker = next;
		} catch (error) {
			signal?.throwIfAborted();
			if (isUnknownUpload(error)) return undefined;
			if (readSdkError(error).status === 403)
				return { bytes: undefined, parts: undefined, lastPart: undefined };
			throw toStorageError(error, "ListParts", { bucket, key });
		}
	}
}
