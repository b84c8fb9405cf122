import { ListPartsCommand, type ListPartsCommandOutput } from "@aws-sdk/client-s3";
import { isForbidden } from "../../s3/errors/refusals.ts";
import type { SdkError } from "../../s3/errors/sdk-error.ts";
import { toStorageError } from "../../s3/errors/storage-errors.ts";
import { expectAnyOf } from "../../s3/expected-answers.ts";
import { unquote } from "../../s3/object-proof.ts";
import { pagesOf } from "../../s3/pages.ts";
import { type Sender, send } from "../../s3/send.ts";
import { isUnknownUpload } from "./unknown-upload.ts";
import { LISTING_TIME_MS, type ListedUpload, type ListingOptions } from "./uploads-listing.ts";

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

/** The settings an upload was started with, as far as its list of parts shows them. */
export interface UploadTraits {
	readonly checksumAlgorithm: string | undefined;
	readonly checksumType: string | undefined;
	readonly storageClass: string | undefined;
}

/** The parts of an incomplete upload. */
export interface UploadedParts extends UploadTraits {
	/** By number. */
	readonly parts: readonly ListedPart[];
	/** Bytes of all parts. */
	readonly size: number;
	/** When the last part came in, by the server's clock. */
	readonly lastPart: Date | undefined;
}

/** Which parts are listed, and how. */
export interface PartListing extends Pick<ListingOptions, "retryTimeMs" | "onRetry"> {
	/** Only those with these numbers. */
	readonly within?: { readonly first: number; readonly count: number } | undefined;
}

/** Most parts of a page. */
const PAGE_COUNT = 1000;

/**
 * Lists the parts of an incomplete upload, over all pages.
 *
 * @returns `undefined` if the upload is gone by now; `"refused"` if the credentials may not look.
 * @throws {StorageError} for anything else.
 */
export async function listUploadedParts(
	connection: Sender,
	bucket: string,
	{ key, uploadId }: Pick<ListedUpload, "key" | "uploadId">,
	signal?: AbortSignal | undefined,
	{ retryTimeMs = LISTING_TIME_MS, onRetry, within }: PartListing = {},
): Promise<UploadedParts | "refused" | undefined> {
	const { first = 1, count = Number.POSITIVE_INFINITY } = within ?? {};
	const upload = {
		...{ Bucket: bucket, Key: key, UploadId: uploadId },
		...(count < PAGE_COUNT ? { MaxParts: Math.max(1, count) } : {}),
	};
	const start = first === 1 ? undefined : String(first - 1);
	const options = {
		signal,
		retryTimeMs,
		onRetry: ({ code }: SdkError, waitMs: number, operation: string) => onRetry?.(operation, code, waitMs),
		check: ({ UploadId, Bucket, Parts }: ListPartsCommandOutput) => expectAnyOf(UploadId, Bucket, Parts),
	};
	const pages = pagesOf<ListPartsCommandOutput, string>({
		of: "parts",
		ask: (PartNumberMarker = start) =>
			send(
				connection,
				new ListPartsCommand({ ...upload, ...(PartNumberMarker && { PartNumberMarker }) }),
				options,
			),
		next: ({ IsTruncated, NextPartNumberMarker }) =>
			IsTruncated === true && !(Number(NextPartNumberMarker) >= first + count - 1)
				? (NextPartNumberMarker ?? "missing")
				: undefined,
		inCircles: "end",
		failure: (error) => toStorageError(error, "ListParts", { bucket, key }),
	});
	const parts: ListedPart[] = [];
	let last: ListPartsCommandOutput | undefined;
	try {
		for await (last of pages)
			parts.push(
				...partsOf(last).filter(({ partNumber }) => partNumber >= first && partNumber < first + count),
			);
	} catch (error) {
		if (isUnknownUpload(error)) return undefined;
		if (isForbidden(error)) return "refused";
		throw error;
	}
	return summarise(parts, last);
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
	{ ChecksumAlgorithm, ChecksumType, StorageClass }: Partial<ListPartsCommandOutput> = {},
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
