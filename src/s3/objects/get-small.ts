import type { ObjectAddress } from "../address.ts";
import type { Connection } from "../connection.ts";
import { isNotFound, isOutOfRange } from "../errors/refusals.ts";
import { getRange, type RangeOptions } from "./get-range.ts";
import { headObject } from "./head-object.ts";

export interface GetSmallOptions extends RangeOptions {
	/** Bytes; a larger object is not read. */
	readonly maxSize: number;
}

/** An object in memory. */
export interface SmallObject {
	readonly bytes: Uint8Array;
	/** Without quotes. */
	readonly etag: string;
	/** On versioned buckets. */
	readonly versionId: string | undefined;
	/** Milliseconds since it was put, by the storage's clock alone, to the second; `undefined` if it does not tell. */
	readonly ageMs: number | undefined;
}

/**
 * Reads a whole object into memory, if it is small.
 *
 * @returns `undefined` if there is none.
 * @throws {SourceError}, {StorageError} as {@link getRange} does.
 */
export async function getSmall(
	connection: Connection,
	address: ObjectAddress,
	{ maxSize, ...options }: GetSmallOptions,
): Promise<SmallObject | "too-large" | undefined> {
	try {
		const { size, etag, versionId, ageMs, chunks, discard } = await getRange(
			connection,
			address,
			{ start: 0, end: Math.max(1, maxSize) },
			options,
		);
		if (size > maxSize) {
			discard();
			return "too-large";
		}
		const pieces: Uint8Array[] = [];
		for await (const chunk of chunks) pieces.push(chunk);
		return { bytes: Buffer.concat(pieces), etag, versionId, ageMs };
	} catch (error) {
		if (isNotFound(error)) return undefined;
		if (!isOutOfRange(error)) throw error;
	}
	// Nothing of an empty object can be asked for.
	const head = await headObject(connection, address, options);
	if (head === undefined) return undefined;
	if (head.size > 0) return getSmall(connection, address, { maxSize, ...options }); // put there meanwhile
	return { bytes: new Uint8Array(), etag: head.etag, versionId: head.versionId, ageMs: undefined };
}
