import pLimit from "p-limit";
import { KiB } from "../../bytes/units.ts";
import { SourceError } from "../../errors.ts";
import { ArchiveError } from "../../reader/archive-error.ts";
import { findEndRecords } from "../../reader/directory/end-records.ts";
import { TAIL_SIZE } from "../../reader/ranged/tail.ts";
import type { Connection } from "../../s3/connection.ts";
import { isNotFound } from "../../s3/errors/refusals.ts";
import { getRange } from "../../s3/objects/get-range.ts";
import type { RequestOptions } from "../../s3/objects/request-options.ts";
import type { BackupArchive } from "./archive-facts.ts";

/** Requests at once. */
const CONCURRENCY = 16;
/** Enough for the end records of an archive without a long comment. */
const SHORT_TAIL = 4 * KiB;

/**
 * Counts the entries of archives, from a few bytes of the end of each.
 *
 * @returns in the order of the archives; `undefined` for one that is gone, was replaced, or has no readable end
 * @throws {StorageError}
 */
export function countEntries(
	connection: Connection,
	bucket: string,
	archives: readonly BackupArchive[],
	options: RequestOptions = {},
): Promise<(number | undefined)[]> {
	return pLimit(CONCURRENCY).map(archives, async (archive) => {
		options.signal?.throwIfAborted();
		return (
			(await countFromTail(connection, bucket, archive, SHORT_TAIL, options)) ??
			(await countFromTail(connection, bucket, archive, TAIL_SIZE, options))
		);
	});
}

async function countFromTail(
	connection: Connection,
	bucket: string,
	{ key, size, etag }: BackupArchive,
	tailSize: number,
	options: RequestOptions,
): Promise<number | undefined> {
	if (size === 0) return undefined;
	const wanted = { start: Math.max(0, size - tailSize), end: size };
	try {
		const { chunks } = await getRange(connection, { bucket, key }, wanted, { ...options, ifMatch: etag });
		const pieces: Uint8Array[] = [];
		for await (const chunk of chunks) pieces.push(chunk);
		return findEndRecords(`s3://${bucket}/${key}`, size, Buffer.concat(pieces)).entryCount;
	} catch (error) {
		if (error instanceof ArchiveError || error instanceof SourceError || isNotFound(error)) return undefined;
		throw error;
	}
}
