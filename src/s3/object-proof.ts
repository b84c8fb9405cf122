import { createHash } from "node:crypto";

/** The headers of a response that show how an object or part is encrypted. */
export interface EncryptionHeaders {
	readonly ServerSideEncryption?: string | undefined;
	readonly SSECustomerAlgorithm?: string | undefined;
}

/** The headers of a response that show an object's checksum. */
export interface ChecksumHeaders {
	readonly ChecksumCRC32?: string | undefined;
	/** `FULL_OBJECT`, or `COMPOSITE`: of the checksums of the parts. */
	readonly ChecksumType?: string | undefined;
}

/** An ETag as it is compared: without the quotes that stand around it in a header. */
export function unquote(etag: string | undefined): string | undefined {
	return etag?.replace(/^"|"$/g, "");
}

/** Whether it is built like an MD5. */
export function isMd5Etag(etag: string): boolean {
	return /^[0-9a-f]{32}$/.test(etag);
}

/** Whether it is built like an MD5, or like the MD5 of this many MD5s. Others mean nothing to us. */
export function isComputableEtag(etag: string): boolean {
	return /^[0-9a-f]{32}(-\d+)?$/.test(etag);
}

/** With keys of a key service or the customer's own, an ETag is something else, though it may look like an MD5. */
export function hidesMd5({ ServerSideEncryption, SSECustomerAlgorithm }: EncryptionHeaders): boolean {
	return isKeyService(ServerSideEncryption) || SSECustomerAlgorithm !== undefined;
}

/** Whether this is encryption with keys of a key service (`aws:kms`, `aws:kms:dsse`). */
export function isKeyService(encryption: string | undefined): boolean {
	return encryption?.startsWith("aws:kms") === true;
}

/** The MD5 of the bytes that an ETag without quotes is, lower-case hex; `undefined` if it is none. */
export function md5OfEtag(etag: string, encryption: EncryptionHeaders): string | undefined {
	return isMd5Etag(etag) && !hidesMd5(encryption) ? etag : undefined;
}

/**
 * The ETag of an object made of parts, where ETags are MD5s: the MD5 of their MD5s, and how many there are.
 *
 * @param md5s - Of the parts, hex, in their order.
 */
export function etagOfParts(md5s: readonly string[]): string {
	const joined = createHash("md5").update(Buffer.from(md5s.join(""), "hex"));
	return `${joined.digest("hex")}-${md5s.length}`;
}

/** The CRC-32 of all bytes of an object, base64; one of the checksums of its parts says nothing of them. */
export function wholeCrc32({ ChecksumCRC32, ChecksumType }: ChecksumHeaders): string | undefined {
	return ChecksumType === "FULL_OBJECT" ? ChecksumCRC32 : undefined;
}

/** A CRC-32 as S3 writes it: its four bytes, most significant first, in base64. */
export function encodeCrc32(value: number): string {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value);
	return bytes.toString("base64");
}

/** Reads what {@link encodeCrc32} writes. */
export function decodeCrc32(base64: string): number {
	return Buffer.from(base64, "base64").readUInt32BE();
}
