import { ListPartsCommand, type ListPartsCommandOutput } from "@aws-sdk/client-s3";
import type { Connection } from "../../s3/connection.ts";
import { withRetries } from "../../s3/retry.ts";
import { readSdkError, UnexpectedAnswerError } from "../../s3/sdk-error.ts";
import { toStorageError } from "../../s3/storage-errors.ts";
import { unquote } from "../parts/completed-part.ts";
import { isUnknownUpload } from "./abort-upload.ts";
import { LISTING_TIME_MS, type ListedUpload } from "./uploads-listing.ts";

/** A part that an incomplete upload holds. */
export interface ListedPart {
	readonly partNumber: number;
	/** Bytes. */
	readonly size: number;
	/** As the storage gave it, without quotes. */
	readonly etag: string;
	/** Base64, where the storage keeps checksums. */
	readonly crc32: string | undefined;
	/** When it came in, by the server's clock. */
	readonly lastModified: Date | undefined;
}

/** What an upload was begun with, as far as its list of parts tells. */
export interface UploadTraits {
	readonly checksumAlgorithm: string | undefined;
	readonly checksumType: string | undefined;
	readonly storageClass: string | undefined;
}

/** What an incomplete upload holds. */
export interface UploadedParts extends UploadTraits {
	/** By number. */
	readonly parts: readonly ListedPart[];
	/** Bytes of all parts. */
	readonly size: number;
	/** When the last part came in, by the server's clock. */
	readonly lastPart: Date | undefined;
}

/** No upload holds more parts, and a page has one at least. */
const MAX_PAGES = 10_000;
const ENDLESS = `the list of parts does not come to an end: there were ${MAX_PAGES} pages of it`;

/**
 * Lists the parts of an incomplete upload, over all pages.
 *
 * @returns `undefined` if the upload is gone by now; `"refused"` if the credentials may not look.
 * @throws {StorageError} for anything else.
 */
export async function listUploadedParts(
	{ client }: Pick<Connection, "client">,
	bucket: string,
	{ key, uploadId }: Pick<ListedUpload, "key" | "uploadId">,
	signal?: AbortSignal | undefined,
): Promise<UploadedParts | "refused" | undefined> {
	const abortable = signal === undefined ? {} : { abortSignal: signal };
	const upload = { Bucket: bucket, Key: key, UploadId: uploadId };
	const parts: ListedPart[] = [];
	let pages = 0;
	let marker: string | undefined;
	for (;;) {
		try {
			const command = new ListPartsCommand({
				...upload,
				...(marker === undefined ? {} : { PartNumberMarker: marker }),
			});
			const ask = async () => {
				const answer = await client.send(command, abortable);
				// Any page under 200 reads like an upload without parts.
				if ([answer.UploadId, answer.Bucket, answer.Parts].every((field) => field === undefined))
					throw new UnexpectedAnswerError("the answer is not one of an S3 storage");
				return answer;
			};
			const page = await withRetries(ask, { budgetMs: LISTING_TIME_MS, stop: signal });
			parts.push(...partsOf(page));
			const next = page.NextPartNumberMarker;
			// Parts come by their numbers: from a lower one it could only go round in circles.
			const moves = next !== undefined && Number(next) > Number(marker ?? 0);
			if (page.IsTruncated !== true || !moves) return summarise(parts, page);
			if (++pages === MAX_PAGES) throw new UnexpectedAnswerError(ENDLESS);
			marker = next;
		} catch (error) {
			signal?.throwIfAborted();
			if (isUnknownUpload(error)) return undefined;
			if (readSdkError(error).status === 403) return "refused";
			throw toStorageError(error, "ListParts", { bucket, key });
		}
	}
}

function partsOf({ Parts = [] }: ListPartsCommandOutput): ListedPart[] {
	return Parts.flatMap(({ PartNumber, Size = 0, ETag, ChecksumCRC32, LastModified }) => {
		if (PartNumber === undefined) return [];
		const etag = unquote(ETag) ?? "";
		return [{ partNumber: PartNumber, size: Size, etag, crc32: ChecksumCRC32, lastModified: LastModified }];
	});
}

function summarise(
	parts: readonly ListedPart[],
	{ ChecksumAlgorithm, ChecksumType, StorageClass }: ListPartsCommandOutput,
): UploadedParts {
	let size = 0;
	let lastPart: Date | undefined;
	for (const part of parts) {
		size += part.size;
		const { lastModified } = part;
		if (lastModified !== undefined && !(lastPart !== undefined && lastPart > lastModified))
			lastPart = lastModified;
	}
	return {
		parts: [...parts].sort((a, b) => a.partNumber - b.partNumber),
		size,
		lastPart,
		checksumAlgorithm: ChecksumAlgorithm,
		checksumType: ChecksumType,
		storageClass: StorageClass,
	};
}
