import { HeadObjectCommand, type HeadObjectCommandOutput } from "@aws-sdk/client-s3";
import { mapInOrder } from "../../../async/map-in-order.ts";
import type { ObjectAddress } from "../../address.ts";
import type { Connection } from "../../connection.ts";
import { isNotFound } from "../../errors/refusals.ts";
import { expectObjectHead } from "../../expected-answers.ts";
import {
	decodeCrc32,
	hidesMd5,
	isComputableEtag,
	isMd5Etag,
	unquote,
	wholeCrc32,
} from "../../object-proof.ts";
import { send } from "../../send.ts";
import type { HeadOptions } from "../head-object.ts";
import { READ_TIME_MS } from "../request-options.ts";

/** Requests for the sizes of parts at once. */
const AT_ONCE = 8;

/** Hashes of an object that can be computed from its bytes. */
interface ObjectHashes {
	/** MD5, or that of the MD5s of the parts and their number, hex; `undefined` if it is none. */
	readonly etag: string | undefined;
	/** Bytes of each part that the ETag is made of. */
	readonly partSizes: readonly number[];
	readonly crc32: number | undefined;
}

/**
 * Asks which hashes the storage keeps of an object, and how large the parts are that its ETag is made of: one request, and one for
 * each part of an object of several.
 *
 * @param etag - The object that is meant, without quotes.
 * @returns `undefined` if it has no hash that can be computed, or the storage does not tell the sizes of its parts.
 * @throws {StorageError}
 */
export async function askStoredHashes(
	connection: Connection,
	address: ObjectAddress,
	etag: string,
	options: HeadOptions = {},
): Promise<ObjectHashes | "replaced" | undefined> {
	const whole = await head(connection, address, undefined, options);
	if (whole === undefined || unquote(whole.ETag) !== etag) return "replaced";
	const encoded = wholeCrc32(whole);
	const crc32 = encoded === undefined ? undefined : decodeCrc32(encoded);
	const size = whole.ContentLength ?? 0;
	const onlyCrc32 = crc32 === undefined ? undefined : { etag: undefined, partSizes: [], crc32 };
	if (!isComputableEtag(etag) || hidesMd5(whole)) return onlyCrc32;
	if (isMd5Etag(etag)) return { etag, partSizes: [size], crc32 };
	const count = Number(etag.slice(etag.indexOf("-") + 1));
	const partSizes = await partSizesOf(connection, address, count, options);
	const known = partSizes !== undefined && partSizes.reduce((sum, part) => sum + part, 0) === size;
	return known ? { etag, partSizes, crc32 } : onlyCrc32;
}

/** @returns `undefined` where the storage does not tell. */
async function partSizesOf(
	connection: Connection,
	address: ObjectAddress,
	count: number,
	options: HeadOptions,
): Promise<readonly number[] | undefined> {
	const first = await sizeOfPart(connection, address, 1, count, options);
	if (first === undefined) return undefined;
	const sizes = [first];
	const numbers = Array.from({ length: count - 1 }, (_, index) => index + 2);
	async function* others() {
		yield numbers;
	}
	const ask = (number: number) => sizeOfPart(connection, address, number, count, options);
	const limit = { count: AT_ONCE, weight: AT_ONCE, weigh: () => 1 };
	for await (const batch of mapInOrder(others(), ask, limit, { signal: options.signal })) {
		for (const size of batch) {
			if (size === undefined) return undefined;
			sizes.push(size);
		}
	}
	return sizes;
}

async function sizeOfPart(
	connection: Connection,
	address: ObjectAddress,
	number: number,
	count: number,
	options: HeadOptions,
): Promise<number | undefined> {
	try {
		const part = await head(connection, address, number, options);
		// Storages that do not know the parameter describe the whole object.
		if (part === undefined || (count > 1 && part.PartsCount !== count)) return undefined;
		return part.ContentLength;
	} catch {
		options.signal?.throwIfAborted();
		return undefined; // it is only less that can be proven
	}
}

/** @returns `undefined` if there is nothing. */
async function head(
	connection: Connection,
	{ bucket, key }: ObjectAddress,
	partNumber: number | undefined,
	{ versionId, signal, retryTimeMs = READ_TIME_MS, onRetry }: HeadOptions,
): Promise<HeadObjectCommandOutput | undefined> {
	const command = new HeadObjectCommand({
		Bucket: bucket,
		Key: key,
		...(versionId === undefined ? {} : { VersionId: versionId }),
		...(partNumber === undefined ? {} : { PartNumber: partNumber }),
		...(connection.provider.checksums && partNumber === undefined
			? { ChecksumMode: "ENABLED" as const }
			: {}),
	});
	try {
		return await send(connection, command, { signal, retryTimeMs, onRetry, check: expectObjectHead });
	} catch (error) {
		if (isNotFound(error)) return undefined;
		throw error;
	}
}
