import {
	CompleteMultipartUploadCommand,
	CreateMultipartUploadCommand,
	PutObjectCommand,
	UploadPartCommand,
	UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import type { ObjectAddress } from "../../../s3/address.ts";
import { NEXT_TO_THE_WIRE } from "../../../s3/answers.ts";
import { type Bandwidth, pacer } from "../../parts/bandwidth.ts";
import { type CompletedPart, hashHeader, type PartHash } from "../../parts/completed-part.ts";
import { copyHeaders, type ObjectRange } from "../../parts/object-range.ts";
import type { Expectation } from "../proof.ts";
import type { Destination } from "../transport.ts";
import { objectParams } from "./object-params.ts";

// The requests of an upload, in the words of the SDK.

/** An upload in parts that is open. */
export interface UploadTarget {
	readonly address: ObjectAddress;
	readonly uploadId: string;
}

/** Bytes that are in memory, and their hash. */
export interface HashedBytes {
	readonly bytes: Uint8Array;
	readonly hash: PartHash;
}

export function createCommand(
	{ address, object }: Destination,
	kind: PartHash["kind"],
): CreateMultipartUploadCommand {
	return new CreateMultipartUploadCommand({
		...bucketAndKey(address),
		...objectParams(object),
		...(kind === "crc32"
			? { ChecksumAlgorithm: "CRC32" as const, ChecksumType: "FULL_OBJECT" as const }
			: {}),
	});
}

export function partCommand(
	target: UploadTarget,
	partNumber: number,
	{ bytes, hash }: HashedBytes,
	bandwidth: Bandwidth | undefined,
): UploadPartCommand {
	const part = { PartNumber: partNumber, Body: bytes, ...hashHeader(hash) };
	const command = new UploadPartCommand({ ...uploadFields(target), ...part });
	if (bandwidth !== undefined) command.middlewareStack.add(pacer(bandwidth), NEXT_TO_THE_WIRE);
	return command;
}

export function copyCommand(
	target: UploadTarget,
	partNumber: number,
	range: ObjectRange,
): UploadPartCopyCommand {
	return new UploadPartCopyCommand({
		...uploadFields(target),
		PartNumber: partNumber,
		...copyHeaders(range),
	});
}

/** Sends the whole object in one request. */
export function putCommand(
	destination: Destination,
	{ bytes, hash }: HashedBytes,
	bandwidth: Bandwidth | undefined,
): PutObjectCommand {
	const { address, object } = destination;
	const details = { ...objectParams(object), ...condition(destination), ...hashHeader(hash) };
	const command = new PutObjectCommand({ ...bucketAndKey(address), Body: bytes, ...details });
	if (bandwidth !== undefined) command.middlewareStack.add(pacer(bandwidth), NEXT_TO_THE_WIRE);
	return command;
}

/**
 * Makes an object of the parts.
 *
 * @param parts - All of them, by number.
 * @param whole - What a storage that keeps checksums is to compare the object with.
 */
export function completeCommand(
	destination: Destination,
	uploadId: string,
	parts: readonly CompletedPart[],
	whole: Pick<Expectation, "size" | "crc32">,
): CompleteMultipartUploadCommand {
	return new CompleteMultipartUploadCommand({
		...uploadFields({ address: destination.address, uploadId }),
		MultipartUpload: {
			Parts: parts.map(({ partNumber, etag, crc32 }) => ({
				PartNumber: partNumber,
				ETag: `"${etag}"`,
				...(crc32 === undefined ? {} : { ChecksumCRC32: crc32 }),
			})),
		},
		...condition(destination),
		...(whole.crc32 === undefined
			? {}
			: { ChecksumType: "FULL_OBJECT" as const, ChecksumCRC32: whole.crc32, MpuObjectSize: whole.size }),
	});
}

function bucketAndKey({ bucket, key }: ObjectAddress) {
	return { Bucket: bucket, Key: key };
}

function uploadFields({ address, uploadId }: UploadTarget) {
	return { ...bucketAndKey(address), UploadId: uploadId };
}

function condition({ noClobber, ifMatch }: Destination): { IfNoneMatch?: string; IfMatch?: string } {
	if (noClobber) return { IfNoneMatch: "*" };
	return ifMatch === undefined ? {} : { IfMatch: `"${ifMatch}"` };
}
