import type { EntryFacts } from "./entry.ts";

/** Bytes of a data descriptor at most: signature, CRC-32, and two sizes of 8 bytes. */
export const LONGEST_DESCRIPTOR = 24;

const SIGNATURE = 0x0807_4b50;
const CRC_LENGTH = 4;

/**
 * Whether what follows the data of an entry is a data descriptor (APPNOTE 4.3.9) that says what the directory says. Tools write
 * it with a signature and without one, and sizes of 4 bytes or of 8; readers of streams go by it.
 *
 * @param bytes - What follows: {@link LONGEST_DESCRIPTOR} bytes, fewer at the end of the entries.
 */
export function isDescriptorOf(entry: EntryFacts, bytes: Uint8Array): boolean {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const signed = view.byteLength >= 4 && view.getUint32(0, true) === SIGNATURE;
	return (signed && saysTheSame(entry, view, 4)) || saysTheSame(entry, view, 0);
}

function saysTheSame({ crc32, compressedSize, uncompressedSize }: EntryFacts, view: DataView, at: number) {
	const left = view.byteLength - at - CRC_LENGTH;
	if (left < 8 || view.getUint32(at, true) !== crc32) return false;
	const sizes = at + CRC_LENGTH;
	const small =
		view.getUint32(sizes, true) === compressedSize && view.getUint32(sizes + 4, true) === uncompressedSize;
	if (small || left < 16) return small;
	const u64 = (from: number) => Number(view.getBigUint64(from, true));
	return u64(sizes) === compressedSize && u64(sizes + 8) === uncompressedSize;
}
