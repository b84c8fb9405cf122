import { crc32 } from "../../bytes/crc32.ts";
import { formatNumber } from "../../bytes/units.ts";
import { StorageError } from "../../errors.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { getRange } from "../../s3/objects/get-range.ts";
import type { RequestOptions } from "../../s3/objects/request-options.ts";
import { decodeRow, type PlannedEntry } from "../entry-rows.ts";
import type { Manifest, RowRange, Shard } from "../manifest.ts";
import { pageKey } from "../shard-keys.ts";

const NEWLINE = 0x0a;

/**
 * The entries of a shard, as they were planned. One range of a page is in memory at a time, checked before any of it is used; no
 * connection waits while entries are made.
 *
 * @throws {StorageError} `INTEGRITY` if the rows are not those that were written.
 */
export async function* readRows(
	connection: Connection,
	manifest: Manifest,
	shard: Shard,
	options: RequestOptions,
): AsyncGenerator<Iterable<PlannedEntry>, void, void> {
	let count = 0;
	function* counted(bytes: Buffer, page: ObjectAddress): Generator<PlannedEntry, void, void> {
		for (const row of rowsOf(bytes, page)) {
			count += 1;
			yield row;
		}
	}
	for (const range of shard.rows) {
		const page = { bucket: manifest.bucket, key: pageKey(manifest, range.page) };
		yield counted(await readRange(connection, page, range, options), page);
	}
	if (count === shard.entryCount) return;
	const { bucket, key } = manifest;
	const problem = `the list of entries of s3://${bucket}/${key} has ${formatNumber(count)} rows for a shard of ${formatNumber(shard.entryCount)} entries`;
	throw new StorageError("INTEGRITY", problem, { bucket, key });
}

async function readRange(
	connection: Connection,
	page: ObjectAddress,
	{ offset, size, crc32: expected }: RowRange,
	options: RequestOptions,
): Promise<Buffer> {
	const { chunks } = await getRange(connection, page, { start: offset, end: offset + size }, options);
	const bytes = Buffer.allocUnsafeSlow(size);
	let used = 0;
	for await (const chunk of chunks) {
		bytes.set(chunk, used); // no more than was asked for
		used += chunk.byteLength;
	}
	if (used !== size || crc32(bytes) !== expected) throw damaged(page);
	return bytes;
}

function* rowsOf(bytes: Buffer, page: ObjectAddress): Generator<PlannedEntry, void, void> {
	for (let at = 0; at < bytes.byteLength; ) {
		const end = bytes.indexOf(NEWLINE, at);
		if (end === -1) throw damaged(page);
		let row: PlannedEntry;
		try {
			row = decodeRow(bytes.toString("latin1", at, end));
		} catch (cause) {
			throw damaged(page, cause);
		}
		yield row;
		at = end + 1;
	}
}

function damaged(page: ObjectAddress, cause?: unknown): StorageError {
	const problem = `s3://${page.bucket}/${page.key} is damaged: its rows are not what was written`;
	return new StorageError("INTEGRITY", problem, { ...page, cause });
}
