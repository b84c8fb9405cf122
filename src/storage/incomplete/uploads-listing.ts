import { ListMultipartUploadsCommand, type ListMultipartUploadsCommandOutput } from "@aws-sdk/client-s3";
import type { PrefixAddress } from "../../s3/address.ts";
import { toStorageError } from "../../s3/errors/storage-errors.ts";
import { expectAnyOf, expectNames } from "../../s3/expected-answers.ts";
import { pagesOf } from "../../s3/pages.ts";
import { type firstContact, NAME_REPETITIONS } from "../../s3/retry.ts";
import { type Sender, send } from "../../s3/send.ts";

/** A multipart upload that was neither completed nor aborted. */
export interface ListedUpload {
	/** Key that the object would have. */
	readonly key: string;
	/** Id that the storage gave the upload. */
	readonly uploadId: string;
	/** When it started, by the server's clock. */
	readonly initiated: Date;
	/** Milliseconds since then, by the same clock: a wrong clock here must not make an upload look old. */
	readonly ageMs: number;
}

/** How long a request of a listing is retried. */
export const LISTING_TIME_MS = 60_000;

const OPERATION = "ListMultipartUploads";

export interface ListingOptions {
	readonly signal?: AbortSignal | undefined;
	/** Milliseconds for which each request is repeated. */
	readonly retryTimeMs?: number | undefined;
	/** How the first one is, if it is the first of the run. */
	readonly first?: ReturnType<typeof firstContact> | undefined;
	/** Told before each wait. */
	readonly onRetry?: ((operation: string, reason: string, waitMs: number) => void) | undefined;
}

/** The start of a page. */
interface Marker {
	readonly KeyMarker?: string | undefined;
	readonly UploadIdMarker?: string | undefined;
}

/**
 * Lists the incomplete uploads of keys with a prefix, in pages of up to 1,000, one request each.
 *
 * @throws {StorageError}
 */
export async function* uploadPages(
	connection: Sender,
	{ bucket, prefix }: PrefixAddress,
	{ signal, retryTimeMs = LISTING_TIME_MS, first, onRetry }: ListingOptions,
): AsyncGenerator<readonly ListedUpload[], void, void> {
	let now = Date.now();
	const usual = { retryTimeMs, nameRepetitions: NAME_REPETITIONS };
	const ask = (marker: Marker | undefined) =>
		// Without EncodingType: some storages (Ceph) encode, but do not say so; the SDK reads any key as it is.
		send(connection, new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix, ...marker }), {
			...(marker === undefined ? (first ?? usual) : usual),
			signal,
			check({ Uploads, IsTruncated, Bucket }) {
				expectAnyOf(Uploads, IsTruncated, Bucket);
				expectNames(Uploads);
			},
			onAnswer: ({ date }) => {
				now = date?.getTime() ?? Date.now();
			},
			onRetry: ({ code }, waitMs, operation) => onRetry?.(operation, code, waitMs),
		});
	const pages = pagesOf<ListMultipartUploadsCommandOutput, Marker>({
		of: "uploads",
		ask,
		next: ({ IsTruncated, NextKeyMarker, NextUploadIdMarker }) => {
			if (IsTruncated !== true) return undefined;
			return NextKeyMarker === undefined && NextUploadIdMarker === undefined
				? "missing"
				: { KeyMarker: NextKeyMarker, UploadIdMarker: NextUploadIdMarker };
		},
		inCircles: "end",
		failure: (error) => toStorageError(error, OPERATION, { bucket, key: prefix }),
	});
	for await (const { Uploads = [] } of pages)
		yield Uploads.flatMap(({ Key: key, UploadId, Initiated }) => {
			if (key === undefined || UploadId === undefined) return [];
			// Asked for, but nobody vouches for a server that does not filter.
			if (!key.startsWith(prefix)) return [];
			const initiated = Initiated ?? new Date(now);
			return [{ key, uploadId: UploadId, initiated, ageMs: Math.max(0, now - initiated.getTime()) }];
		});
}
