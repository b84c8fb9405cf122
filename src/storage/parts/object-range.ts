import type { ObjectAddress } from "../../s3/address.ts";

/** Bytes of an object that is in the storage already: they become a part without passing through here. */
export interface ObjectRange {
	readonly source: ObjectAddress & { readonly versionId?: string | undefined };
	/** ETag that the source must still have, without quotes. */
	readonly etag: string;
	/** Offset of the first byte. */
	readonly offset: number;
	/** Number of bytes. */
	readonly byteLength: number;
	/** It is the whole object: nothing else can be copied of one as small as the smallest part (AWS: UploadPartCopy). */
	readonly isWhole?: boolean | undefined;
	/** CRC-32 that they must have, where that is known. */
	readonly crc32?: number | undefined;
}

/** A piece of an object to be: bytes of any number, or a range of another one. */
export type BodyPiece = Uint8Array | ObjectRange;

export function isRange(piece: BodyPiece): piece is ObjectRange {
	return !(piece instanceof Uint8Array);
}

/** Cuts a range into as few nearly equal ones of at most `maxSize` bytes as possible. */
export function splitRange(range: ObjectRange, maxSize: number): ObjectRange[] {
	const count = Math.ceil(range.byteLength / maxSize);
	if (count === 1) return [range];
	const size = Math.ceil(range.byteLength / count);
	return Array.from({ length: count }, (_, index) => ({
		...range,
		crc32: undefined,
		offset: range.offset + index * size,
		byteLength: Math.min(size, range.byteLength - index * size),
	}));
}

/** The parameters of UploadPartCopy for a range (AWS: `CopySource` is URL-encoded, the range includes its end). */
export function copyHeaders({ source, etag, offset, byteLength, isWhole = false }: ObjectRange): {
	CopySource: string;
	CopySourceRange?: string;
	CopySourceIfMatch: string;
} {
	const key = source.key.split("/").map(encodeURIComponent).join("/");
	const version = source.versionId === undefined ? "" : `?versionId=${encodeURIComponent(source.versionId)}`;
	return {
		CopySource: `${source.bucket}/${key}${version}`,
		...(isWhole ? {} : { CopySourceRange: `bytes=${offset}-${offset + byteLength - 1}` }),
		CopySourceIfMatch: `"${etag}"`,
	};
}
