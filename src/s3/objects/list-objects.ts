import { ListObjectsV2Command, type ListObjectsV2CommandOutput } from "@aws-sdk/client-s3";
import type { PrefixAddress } from "../address.ts";
import { toStorageError } from "../errors/storage-errors.ts";
import { expectAnyOf } from "../expected-answers.ts";
import { unquote } from "../object-proof.ts";
import { pagesOf } from "../pages.ts";
import { type Sender, send } from "../send.ts";
import { keyDecoder } from "./key-encoding.ts";
import { READ_TIME_MS, type RequestOptions } from "./request-options.ts";

/** An object as a listing shows it. */
export interface ListedObject {
	readonly key: string;
	/** Bytes. */
	readonly size: number;
	/** Without quotes. */
	readonly etag: string;
	readonly lastModified: Date | undefined;
	readonly storageClass: string | undefined;
}

/** Objects of a listing, and what lies below it. */
export interface ObjectPage {
	readonly objects: readonly ListedObject[];
	/** Beginnings of keys up to the delimiter, each for all keys that begin so. */
	readonly commonPrefixes: readonly string[];
}

export interface ListObjectsOptions extends RequestOptions {
	/** Keys that have it behind the prefix are shown as one common prefix. */
	readonly delimiter?: string | undefined;
	/** Only keys behind this one. */
	readonly startAfter?: string | undefined;
	/** Objects of a page; the storage gives 1,000 at most. */
	readonly pageSize?: number | undefined;
}

/**
 * Lists the objects whose keys begin with a prefix, in pages, in the order of the UTF-8 bytes of the keys.
 *
 * @throws {StorageError} also for a list that has no end or a gap.
 */
export async function* listObjects(
	connection: Sender,
	{ bucket, prefix }: PrefixAddress,
	options: ListObjectsOptions = {},
): AsyncGenerator<ObjectPage, void, void> {
	const { delimiter, startAfter, pageSize, retryTimeMs = READ_TIME_MS } = options;
	const { signal, nameRepetitions, onRetry } = options;
	const input = {
		Bucket: bucket,
		Prefix: prefix,
		EncodingType: "url" as const,
		...(delimiter === undefined ? {} : { Delimiter: delimiter }),
		...(startAfter === undefined ? {} : { StartAfter: startAfter }),
		...(pageSize === undefined ? {} : { MaxKeys: pageSize }),
	};
	const check = (answer: ListObjectsV2CommandOutput) => {
		expectAnyOf(answer.Contents, answer.CommonPrefixes, answer.IsTruncated, answer.Name);
		readPage(answer, prefix);
	};
	const pages = pagesOf<ListObjectsV2CommandOutput, string>({
		of: "objects",
		ask: (ContinuationToken) =>
			send(
				connection,
				new ListObjectsV2Command({ ...input, ...(ContinuationToken && { ContinuationToken }) }),
				{
					...{ signal, retryTimeMs, nameRepetitions, onRetry, check },
				},
			),
		next: ({ IsTruncated, NextContinuationToken }) =>
			IsTruncated === true ? NextContinuationToken || "missing" : undefined,
		inCircles: "fail",
		failure: (error) => toStorageError(error, "ListObjectsV2", { bucket, key: prefix }),
	});
	for await (const page of pages) yield readPage(page, prefix);
}

function readPage(page: ListObjectsV2CommandOutput, prefix: string): ObjectPage {
	const decode = keyDecoder(page);
	const objects = (page.Contents ?? []).flatMap(({ Key, Size = 0, ETag, LastModified, StorageClass }) => {
		const key = Key === undefined ? undefined : decode(Key);
		// Asked for, but nobody vouches for a server that does not filter.
		if (key === undefined || !key.startsWith(prefix)) return [];
		const etag = unquote(ETag) ?? "";
		return [{ key, size: Size, etag, lastModified: LastModified, storageClass: StorageClass }];
	});
	const commonPrefixes = (page.CommonPrefixes ?? []).flatMap(({ Prefix }) =>
		Prefix === undefined ? [] : [decode(Prefix)],
	);
	return { objects, commonPrefixes };
}
