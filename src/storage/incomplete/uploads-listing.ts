import { ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import type { PrefixAddress } from "../../s3/address.ts";
import { answerWatcher, NEXT_TO_THE_WIRE } from "../../s3/answers.ts";
import type { Connection } from "../../s3/connection.ts";
import { withRetries } from "../../s3/retry.ts";
import { UnexpectedAnswerError } from "../../s3/sdk-error.ts";
import { toStorageError } from "../../s3/storage-errors.ts";

/** An upload in parts that was neither completed nor aborted. */
export interface ListedUpload {
	/** Key that the object would have. */
	readonly key: string;
	/** Id that the storage gave the upload. */
	readonly uploadId: string;
	/** When it was begun, by the server's clock. */
	readonly initiated: Date;
	/** Milliseconds since then, by the same clock: a wrong clock here must not make an upload look old. */
	readonly ageMs: number;
}

/** How long a request of a listing is repeated. */
export const LISTING_TIME_MS = 60_000;

/**
 * Lists the incomplete uploads of keys with a prefix, in pages of up to 1,000, one request each.
 *
 * @throws {StorageError}
 */
export async function* uploadPages(
	{ client }: Pick<Connection, "client">,
	{ bucket, prefix }: PrefixAddress,
	{ signal, retryTimeMs = LISTING_TIME_MS }: { signal?: AbortSignal | undefined; retryTimeMs?: number },
): AsyncGenerator<readonly ListedUpload[], void, void> {
	const abortable = signal === undefined ? {} : { abortSignal: signal };
	let marker: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {};
	for (;;) {
		// Without EncodingType: some storages (Ceph) encode, but do not say so; the SDK reads any key as it is.
		const input = { Bucket: bucket, Prefix: prefix, ...marker };
		const command = new ListMultipartUploadsCommand(input);
		let now = Date.now();
		const watcher = answerWatcher(({ date }) => {
			now = date?.getTime() ?? Date.now();
		});
		command.middlewareStack.add(watcher, NEXT_TO_THE_WIRE);
		const ask = async () => {
			const answer = await client.send(command, abortable);
			// Any page under 200 reads like an empty list.
			if ([answer.Uploads, answer.IsTruncated, answer.Bucket].every((field) => field === undefined))
				throw new UnexpectedAnswerError("the answer is not one of an S3 storage");
			return answer;
		};
		const page = await withRetries(ask, { budgetMs: retryTimeMs, stop: signal }).catch((error: unknown) => {
			signal?.throwIfAborted();
			throw toStorageError(error, "ListMultipartUploads", { bucket, key: prefix });
		});
		yield (page.Uploads ?? []).flatMap(({ Key: key, UploadId, Initiated }) => {
			if (key === undefined || UploadId === undefined) return [];
			// Asked for, but nobody vouches for a server that does not filter.
			if (!key.startsWith(prefix)) return [];
			const initiated = Initiated ?? new Date(now);
			return [{ key, uploadId: UploadId, initiated, ageMs: Math.max(0, now - initiated.getTime()) }];
		});
		const { NextKeyMarker, NextUploadIdMarker, IsTruncated } = page;
		const next = { KeyMarker: NextKeyMarker, UploadIdMarker: NextUploadIdMarker };
		const moves = next.KeyMarker !== marker.KeyMarker || next.UploadIdMarker !== marker.UploadIdMarker;
		if (IsTruncated !== true || !moves) return;
		marker = next;
	}
}
