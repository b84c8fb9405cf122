import { RecordWriter } from "../format/record-writer.ts";

/** A stored DEFLATE block holds at most this many bytes behind its 5-byte header (RFC 1951, 3.2.4). */
export const MAX_STORED_BLOCK = 0xffff;
export const STORED_BLOCK_HEADER = 5;

/** Bytes that {@link storedBlocks} makes of `size` bytes: the worst case of DEFLATE as this writer uses it. */
export function storedBlocksSize(size: number): number {
	return size + STORED_BLOCK_HEADER * Math.max(1, Math.ceil(size / MAX_STORED_BLOCK));
}

/**
 * Wraps bytes as DEFLATE data without compressing them (RFC 1951, 3.2.4).
 *
 * Every block starts and ends on a byte border, so what comes before and after may be compressed. It is
 * how incompressible data stays readable as a stream: a reader finds the end of DEFLATE data without help,
 * while nothing tells it where plainly stored data ends.
 *
 * @param last - Whether the DEFLATE data ends here.
 * @param take - Gives memory of a size.
 */
export function storedBlocks(
	bytes: Uint8Array,
	last: boolean,
	take?: (size: number) => Uint8Array,
): Uint8Array {
	const size = storedBlocksSize(bytes.byteLength);
	const record = new RecordWriter(size, take?.(size));
	let offset = 0;
	do {
		const end = Math.min(offset + MAX_STORED_BLOCK, bytes.byteLength);
		record
			.raw(storedBlockHeader(end - offset, last && end === bytes.byteLength))
			.raw(bytes.subarray(offset, end));
		offset = end;
	} while (offset < bytes.byteLength);
	return record.bytes;
}

/** What stands before the bytes of a stored block. */
export function storedBlockHeader(length: number, last: boolean): Uint8Array {
	return new RecordWriter(STORED_BLOCK_HEADER)
		.u8(last ? 1 : 0) // BFINAL, BTYPE 00
		.u16(length) // LEN
		.u16(length ^ 0xffff).bytes; // NLEN
}
