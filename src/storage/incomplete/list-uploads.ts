import pLimit from "p-limit";
import { withOwnSignal } from "../../async/any-signal.ts";
import { resolveOptions } from "../../options/resolve-options.ts";
import type { Connection } from "../../s3/connection.ts";
import { checkCredentials } from "../../s3/credentials.ts";
import { openConnection } from "../../s3/open-connection.ts";
import { firstContact } from "../../s3/retry.ts";
import { LIST_UPLOADS_SCHEMA, type ListUploadsOptions, type ListUploadsSettings } from "./options.ts";
import { hasOurChecksums } from "./resumable-upload.ts";
import { listUploadedParts } from "./uploaded-parts.ts";
import { type ListedUpload, type ListingOptions, uploadPages } from "./uploads-listing.ts";

/** A multipart upload that was neither completed nor aborted. Its parts take space, and are billed. */
export interface IncompleteUpload extends ListedUpload {
	/** Milliseconds since the last part arrived, or since the upload started; by the server's clock. */
	readonly idleMs: number;
	/** Bytes of the parts it holds; `undefined` if the credentials may not list them. */
	readonly size: number | undefined;
	/** Number of these parts. */
	readonly partCount: number | undefined;
	/**
	 * Whether an upload of its key with `resume` would resume it: it is the newest of the key that holds
	 * parts, and was started with the settings that zipferry uses. `undefined` if the credentials may not list its parts.
	 */
	readonly resumable: boolean | undefined;
}

/** Requests for parts at once. */
const CONCURRENCY = 8;

/**
 * Lists the incomplete multipart uploads under a prefix, with the space they take. An upload that is still
 * running is listed as well.
 *
 * Some storages (MinIO) list the uploads of an exact key only.
 *
 * @returns in the order of the keys
 * @throws {@link InvalidOptionError} for options that are missing, unknown or out of range.
 * @throws {@link StorageError} if the storage refuses or cannot be reached.
 *
 * @example
 * ```ts
 * const uploads = await listUploads({ bucket: "my-bucket", prefix: "backups/" });
 * ```
 */
export async function listUploads(options: ListUploadsOptions): Promise<IncompleteUpload[]> {
	const settings = resolveOptions(LIST_UPLOADS_SCHEMA, options);
	return withOwnSignal(settings, (own) => withUploads(own, async (_, uploads) => uploads));
}

/** Lists incomplete uploads, and passes each on with the same connection. */
export async function withUploads<Result>(
	settings: ListUploadsSettings,
	use: (connection: Connection, uploads: IncompleteUpload[]) => Promise<Result>,
): Promise<Result> {
	const { bucket, prefix, uploadId, retryTimeMs, signal, onEvent } = settings;
	const connection = await openConnection(settings, bucket, CONCURRENCY, onEvent);
	try {
		await checkCredentials(connection.client, signal);
		const atOnce = pLimit(CONCURRENCY);
		const found: IncompleteUpload[] = [];
		const onRetry: ListingOptions["onRetry"] = (operation, reason, waitMs) =>
			onEvent?.({ type: "retry", operation, reason, waitMs });
		const listing = { signal, retryTimeMs, onRetry };
		const first = firstContact(retryTimeMs);
		for await (const page of uploadPages(connection, { bucket, prefix }, { ...listing, first })) {
			const sized = await atOnce.map(page, (upload) => sizeUpload(connection, bucket, upload, listing));
			found.push(...sized.filter((upload) => upload !== undefined));
		}
		const uploads = withNewestOnly(found);
		return await use(
			connection,
			uploadId === undefined ? uploads : uploads.filter((upload) => upload.uploadId === uploadId),
		);
	} finally {
		connection.close();
	}
}

async function sizeUpload(
	connection: Connection,
	bucket: string,
	upload: ListedUpload,
	{ signal, ...listing }: ListingOptions,
): Promise<IncompleteUpload | undefined> {
	signal?.throwIfAborted();
	const held = await listUploadedParts(connection, bucket, upload, signal, listing);
	if (held === undefined) return undefined;
	const { initiated, ageMs } = upload;
	if (held === "refused")
		return { ...upload, idleMs: ageMs, size: undefined, partCount: undefined, resumable: undefined };
	const { size, parts, lastPart } = held;
	const idleMs = lastPart === undefined ? ageMs : ageMs - (lastPart.getTime() - initiated.getTime());
	const resumable = parts.length > 0 && hasOurChecksums(held, connection.provider);
	return { ...upload, idleMs: Math.max(0, idleMs), size, partCount: parts.length, resumable };
}

/** Only the newest upload of a key is resumed, if several could be. */
function withNewestOnly(uploads: readonly IncompleteUpload[]): IncompleteUpload[] {
	const newest = new Map<string, IncompleteUpload>();
	for (const upload of uploads) {
		const other = newest.get(upload.key);
		if (upload.resumable === true && !(other !== undefined && other.initiated > upload.initiated))
			newest.set(upload.key, upload);
	}
	return uploads.map((upload) =>
		upload.resumable === true && newest.get(upload.key) !== upload ? { ...upload, resumable: false } : upload,
	);
}
