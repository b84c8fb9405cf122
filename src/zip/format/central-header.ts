import { CENTRAL_DIRECTORY_HEADER_LENGTH } from "./record-lengths.ts";

/** Lengths of name, extra field and comment, which follow the fixed part (APPNOTE 4.3.12). */
const LENGTHS_OFFSET = 28;

/** Bytes of the name of the central directory header at `offset`. */
export function nameLength(headers: Uint8Array, offset: number): number {
	return u16(headers, offset + LENGTHS_OFFSET);
}

/** Bytes of the whole central directory header at `offset`. */
export function headerLength(headers: Uint8Array, offset: number): number {
	const lengths = offset + LENGTHS_OFFSET;
	const extraAndComment = u16(headers, lengths + 2) + u16(headers, lengths + 4);
	return CENTRAL_DIRECTORY_HEADER_LENGTH + u16(headers, lengths) + extraAndComment;
}

function u16(bytes: Uint8Array, offset: number): number {
	return (bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8);
}
