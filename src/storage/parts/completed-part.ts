import { createHash } from "node:crypto";
import { crc32 } from "../../bytes/crc32.ts";
import { DamagedPartError, UnexpectedAnswerError } from "../../s3/errors/sdk-error.ts";
import { encodeCrc32, md5OfEtag, unquote } from "../../s3/object-proof.ts";

/**
 * The one hash that goes with a part, in a header that the storage checks when the part arrives: CRC-32
 * where it keeps checksums, otherwise MD5, which every S3 storage checks and most use as the part's ETag.
 */
export type PartHash =
	| { readonly kind: "crc32"; readonly base64: string }
	| { readonly kind: "md5"; readonly hex: string };

export function hashPart(bytes: Uint8Array, kind: PartHash["kind"]): PartHash {
	if (kind === "md5") return { kind, hex: createHash("md5").update(bytes).digest("hex") };
	return { kind, base64: encodeCrc32(crc32(bytes)) };
}

/** The header of the hash, as the SDK names it. */
export function hashHeader(hash: PartHash): { ChecksumCRC32: string } | { ContentMD5: string } {
	if (hash.kind === "crc32") return { ChecksumCRC32: hash.base64 };
	return { ContentMD5: Buffer.from(hash.hex, "hex").toString("base64") };
}

/** The storage's description of bytes that it holds. */
export interface PartProof {
	/** As the storage gave it, without quotes. */
	readonly etag: string;
	/** Base64, where the storage keeps checksums. */
	readonly crc32: string | undefined;
	/** MD5 of the bytes that were sent, hex, if that is what the storage's ETags are. */
	readonly md5: string | undefined;
}

/** A part the storage has confirmed. */
export interface CompletedPart extends PartProof {
	/** Counted from 1. */
	readonly partNumber: number;
	/** Bytes. */
	readonly size: number;
}

/** The response to UploadPart and PutObject, as far as it matters here. */
export interface PartAnswer {
	readonly ETag?: string | undefined;
	readonly ChecksumCRC32?: string | undefined;
	readonly ServerSideEncryption?: string | undefined;
	readonly SSECustomerAlgorithm?: string | undefined;
}

/**
 * Compares what the storage says of a part with the part.
 *
 * @throws {DamagedPartError} if it says that it got other bytes; sending again may help.
 * @throws {UnexpectedAnswerError} if nothing says that it got any.
 */
export function proofOfAnswer(hash: PartHash, answer: PartAnswer): PartProof {
	const etag = unquote(answer.ETag);
	if (!etag) throw new UnexpectedAnswerError("the response has no ETag; is the endpoint an S3 storage?");
	if (hash.kind === "crc32") {
		const { ChecksumCRC32: stored = hash.base64 } = answer;
		if (stored !== hash.base64) throw damaged("CRC-32", stored, hash.base64);
		return { etag, crc32: hash.base64, md5: undefined };
	}
	const md5 = md5OfEtag(etag, answer);
	if (md5 !== undefined && md5 !== hash.hex) throw damaged("ETag", md5, hash.hex);
	return { etag, crc32: undefined, md5 };
}

function damaged(what: string, stored: string, sent: string): DamagedPartError {
	return new DamagedPartError(
		`the storage received other bytes than were sent: ${what} ${stored}, not ${sent}`,
	);
}

/**
 * Compares a part with what the storage says that it holds already.
 *
 * @returns `undefined` unless it holds these very bytes
 */
export function proofOfListed(
	hash: PartHash,
	size: number,
	listed: { readonly size: number; readonly etag: string; readonly crc32: string | undefined },
): PartProof | undefined {
	const { etag } = listed;
	if (listed.size !== size) return undefined;
	if (hash.kind === "crc32") {
		return listed.crc32 === hash.base64 ? { etag, crc32: hash.base64, md5: undefined } : undefined;
	}
	return etag === hash.hex ? { etag, crc32: undefined, md5: hash.hex } : undefined;
}
