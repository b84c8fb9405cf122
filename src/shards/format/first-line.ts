import { buffer } from "node:stream/consumers";
import { KiB, MiB } from "../../bytes/units.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { isNotFound, isOutOfRange } from "../../s3/errors/refusals.ts";
import { getRange } from "../../s3/objects/get-range.ts";
import type { RequestOptions } from "../../s3/objects/request-options.ts";

/** The heads of most slices, at once. */
const HEAD_GUESS = 16 * KiB;
/** 10,000 parts take a fifth of it. */
const MAX_HEAD_SIZE = 8 * MiB;
const NEWLINE = 0x0a;

/**
 * Reads the first line of an object, without what stands behind it where that is much.
 *
 * @returns without its end; empty if it does not end; `undefined` if there is no object
 */
export async function readFirstLine(
	connection: Connection,
	address: ObjectAddress,
	options: RequestOptions,
): Promise<Buffer | undefined> {
	for (let end = HEAD_GUESS; end <= MAX_HEAD_SIZE; end *= 8) {
		try {
			const { chunks, size } = await getRange(connection, address, { start: 0, end }, options);
			const bytes = await buffer(chunks);
			const lineEnd = bytes.indexOf(NEWLINE);
			if (lineEnd !== -1) return bytes.subarray(0, lineEnd);
			if (size <= end) break;
		} catch (error) {
			if (isNotFound(error)) return undefined;
			if (isOutOfRange(error)) break; // it is empty
			throw error;
		}
	}
	return Buffer.alloc(0);
}
