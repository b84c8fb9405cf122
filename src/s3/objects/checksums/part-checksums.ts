import { GetObjectAttributesCommand, type GetObjectAttributesOutput } from "@aws-sdk/client-s3";
import type { ObjectAddress } from "../../address.ts";
import type { Connection } from "../../connection.ts";
import { isForbidden, isNotFound, mayNotKnowConditions } from "../../errors/refusals.ts";
import { expectAnyOf } from "../../expected-answers.ts";
import { decodeCrc32, unquote } from "../../object-proof.ts";
import { send } from "../../send.ts";
import { READ_TIME_MS, type RequestOptions } from "../request-options.ts";

/** A part that an object was uploaded in. */
export interface PartChecksum {
	readonly crc32: number;
	/** Bytes. */
	readonly size: number;
}

/** Parts that one answer describes at most (AWS). */
const PAGE_SIZE = 1_000;

/**
 * The CRC-32s of the parts that an object was uploaded in, in their order.
 *
 * @param etag - That the object has to have, without quotes.
 * @returns `undefined` if the storage does not tell them all: it keeps none, has another object by now, does not know the request, or
 * wants a permission for it that the credentials lack (`s3:GetObjectAttributes`).
 * @throws {StorageError}
 */
export async function getPartChecksums(
	connection: Connection,
	{ bucket, key }: ObjectAddress,
	etag: string,
	{ signal, retryTimeMs = READ_TIME_MS, nameRepetitions, onRetry }: RequestOptions = {},
): Promise<readonly PartChecksum[] | undefined> {
	const parts: PartChecksum[] = [];
	let marker: string | undefined;
	do {
		const command = new GetObjectAttributesCommand({
			...{ Bucket: bucket, Key: key, MaxParts: PAGE_SIZE },
			ObjectAttributes: ["ETag", "ObjectParts"],
			...(marker === undefined ? {} : { PartNumberMarker: marker }),
		});
		const check = ({ ETag, ObjectParts }: GetObjectAttributesOutput) => expectAnyOf(ETag, ObjectParts);
		let answer: GetObjectAttributesOutput;
		try {
			answer = await send(connection, command, { signal, retryTimeMs, nameRepetitions, onRetry, check });
		} catch (error) {
			if (isForbidden(error) || isNotFound(error) || mayNotKnowConditions(error)) return undefined;
			throw error;
		}
		if (unquote(answer.ETag) !== etag) return undefined;
		const { Parts = [], IsTruncated = false, NextPartNumberMarker } = answer.ObjectParts ?? {};
		for (const { ChecksumCRC32, Size } of Parts) {
			if (ChecksumCRC32 === undefined || Size === undefined) return undefined;
			parts.push({ crc32: decodeCrc32(ChecksumCRC32), size: Size });
		}
		if (IsTruncated && (Parts.length === 0 || NextPartNumberMarker === marker)) return undefined;
		marker = IsTruncated ? NextPartNumberMarker : undefined;
	} while (marker !== undefined);
	return parts.length === 0 ? undefined : parts;
}
