import { ListObjectVersionsCommand, type ListObjectVersionsCommandOutput } from "@aws-sdk/client-s3";
import type { PrefixAddress } from "../address.ts";
import { toStorageError } from "../errors/storage-errors.ts";
import { expectAnyOf } from "../expected-answers.ts";
import { unquote } from "../object-proof.ts";
import { pagesOf } from "../pages.ts";
import { type Sender, send } from "../send.ts";
import { keyDecoder } from "./key-encoding.ts";
import type { ListedObject } from "./list-objects.ts";
import { READ_TIME_MS, type RequestOptions } from "./request-options.ts";

interface Version {
	readonly key: string;
	/** `"null"` for what was put there while the bucket kept no versions. */
	readonly versionId: string;
	/** Whether it is the one that counts. */
	readonly isLatest: boolean;
	readonly lastModified: Date | undefined;
}

/** A version of an object. */
export interface ObjectVersion extends Version, ListedObject {
	readonly isDeleteMarker: false;
}

/** A delete marker stands for an object that was deleted; the versions before it are still there. */
export interface DeleteMarker extends Version {
	readonly isDeleteMarker: true;
}

export interface ListVersionsOptions extends RequestOptions {
	/** Versions of a page; the storage gives 1,000 at most. */
	readonly pageSize?: number | undefined;
}

interface Marker {
	readonly KeyMarker: string;
	readonly VersionIdMarker?: string | undefined;
}

/**
 * Lists all versions of the objects whose keys begin with a prefix, in pages; of a page first the versions,
 * then the delete markers, each in the order of the keys and from the newest on. A bucket that keeps no
 * versions has one of each object.
 *
 * @throws {StorageError} also for a list that has no end or a gap.
 */
export async function* listObjectVersions(
	connection: Sender,
	{ bucket, prefix }: PrefixAddress,
	{ pageSize, signal, retryTimeMs = READ_TIME_MS, onRetry }: ListVersionsOptions = {},
): AsyncGenerator<readonly (ObjectVersion | DeleteMarker)[], void, void> {
	const input = {
		Bucket: bucket,
		Prefix: prefix,
		EncodingType: "url" as const,
		...(pageSize === undefined ? {} : { MaxKeys: pageSize }),
	};
	const check = (answer: ListObjectVersionsCommandOutput) => {
		expectAnyOf(answer.Versions, answer.DeleteMarkers, answer.IsTruncated, answer.Name);
		readPage(answer, prefix);
		nextMarker(answer);
	};
	const pages = pagesOf<ListObjectVersionsCommandOutput, Marker>({
		of: "versions",
		ask: (marker) =>
			send(connection, new ListObjectVersionsCommand({ ...input, ...marker }), {
				...{ signal, retryTimeMs, onRetry, check },
			}),
		next: (page) => (page.IsTruncated === true ? nextMarker(page) : undefined),
		inCircles: "fail",
		failure: (error) => toStorageError(error, "ListObjectVersions", { bucket, key: prefix }),
	});
	for await (const page of pages) yield readPage(page, prefix);
}

/** The last entry of the page. Ceph encodes the keys of the entries, and not the same key in the marker. */
function nextMarker(page: ListObjectVersionsCommandOutput): Marker | "missing" {
	const { NextKeyMarker, NextVersionIdMarker, Versions = [], DeleteMarkers = [] } = page;
	if (!NextKeyMarker) return "missing";
	const decode = keyDecoder(page);
	const lastKeys = [Versions.at(-1)?.Key, DeleteMarkers.at(-1)?.Key].filter((key) => key !== undefined);
	const asEntry = lastKeys.includes(NextKeyMarker) || !lastKeys.map(decode).includes(NextKeyMarker);
	return {
		KeyMarker: asEntry ? decode(NextKeyMarker) : NextKeyMarker,
		...(NextVersionIdMarker && { VersionIdMarker: NextVersionIdMarker }),
	};
}

function readPage(
	page: ListObjectVersionsCommandOutput,
	prefix: string,
): readonly (ObjectVersion | DeleteMarker)[] {
	const decode = keyDecoder(page);
	const versions = (page.Versions ?? []).flatMap((version): ObjectVersion[] => {
		const { Key, VersionId: versionId = "null", IsLatest: isLatest = false } = version;
		const key = Key === undefined ? undefined : decode(Key);
		if (key === undefined || !key.startsWith(prefix)) return [];
		const { Size: size = 0, ETag, LastModified: lastModified, StorageClass: storageClass } = version;
		const etag = unquote(ETag) ?? "";
		return [{ key, versionId, isLatest, lastModified, size, etag, storageClass, isDeleteMarker: false }];
	});
	const markers = (page.DeleteMarkers ?? []).flatMap((marker): DeleteMarker[] => {
		const { Key, VersionId: versionId = "null", IsLatest: isLatest = false, LastModified } = marker;
		const key = Key === undefined ? undefined : decode(Key);
		if (key === undefined || !key.startsWith(prefix)) return [];
		return [{ key, versionId, isLatest, lastModified: LastModified, isDeleteMarker: true }];
	});
	return [...versions, ...markers];
}
