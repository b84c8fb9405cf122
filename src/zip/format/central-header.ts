import { U32_MAX } from "./limits.ts";
import {
	CENTRAL_DIRECTORY_HEADER_LENGTH,
	EXTRA_HEADER_LENGTH,
	ZIP64_VALUE_LENGTH,
} from "./record-lengths.ts";

/** The version that brought ZIP64 (APPNOTE 4.4.3.2). */
export const VERSION_ZIP64 = 45;
/** The version that brought the later compression methods, Zstandard among them. */
export const VERSION_ZSTD = 63;
export const ZIP64_EXTRA_ID = 0x0001;

/** Offsets of the fields of a central directory header (APPNOTE 4.3.12). */
const VERSION_NEEDED = 6;
const METHOD = 10;
const CRC32 = 16;
const COMPRESSED_SIZE = 20;
const UNCOMPRESSED_SIZE = 24;
const NAME_LENGTH = 28;
const EXTRA_LENGTH = 30;
const COMMENT_LENGTH = 32;
const UNIX_MODE = 40;
const OFFSET = 42;

/** The fields of a central directory header. */
export interface CentralHeader {
	readonly name: Uint8Array;
	readonly method: number;
	readonly crc32: number;
	readonly compressedSize: number;
	readonly uncompressedSize: number;
	/** As in `st_mode`, if the entry was made on Unix. */
	readonly unixMode: number;
	/** Offset of the local file header. */
	readonly offset: number;
	/**
	 * Whether it needs ZIP64. An entry that needs a later version says no more than whether there is a value in this header that does,
	 * and not whether its local header has room for one.
	 */
	readonly zip64: boolean;
}

/** Bytes of the name of the central directory header at `at`. */
export function nameLength(headers: Uint8Array, at: number): number {
	return u16(headers, at + NAME_LENGTH);
}

/** Bytes of the whole central directory header at `at`. */
export function headerLength(headers: Uint8Array, at: number): number {
	const extraAndComment = u16(headers, at + EXTRA_LENGTH) + u16(headers, at + COMMENT_LENGTH);
	return CENTRAL_DIRECTORY_HEADER_LENGTH + nameLength(headers, at) + extraAndComment;
}

export function readCentralHeader(header: Uint8Array): CentralHeader {
	const view = viewOf(header);
	const version = view.getUint16(VERSION_NEEDED, true);
	let large = largeValuesAt(view);
	const hasLarge = large !== undefined;
	const value = (at: number): number => {
		const small = view.getUint32(at, true);
		if (small !== U32_MAX || large === undefined) return small;
		large += ZIP64_VALUE_LENGTH;
		return Number(view.getBigUint64(large - ZIP64_VALUE_LENGTH, true));
	};
	// In the order of their ZIP64 values (4.5.3).
	const uncompressedSize = value(UNCOMPRESSED_SIZE);
	const compressedSize = value(COMPRESSED_SIZE);
	const offset = value(OFFSET);
	const nameEnd = CENTRAL_DIRECTORY_HEADER_LENGTH + nameLength(header, 0);
	return {
		name: new Uint8Array(header.subarray(CENTRAL_DIRECTORY_HEADER_LENGTH, nameEnd)),
		method: view.getUint16(METHOD, true),
		crc32: view.getUint32(CRC32, true),
		compressedSize,
		uncompressedSize,
		unixMode: view.getUint16(UNIX_MODE, true),
		offset,
		zip64: hasLarge || version === VERSION_ZIP64,
	};
}

/** Whether a central directory header says that something of its entry needs ZIP64, as {@link CentralHeader.zip64}. */
export function saysZip64(header: Uint8Array): boolean {
	const version = u16(header, VERSION_NEEDED);
	return version > VERSION_ZIP64 ? largeValuesAt(viewOf(header)) !== undefined : version === VERSION_ZIP64;
}

/**
 * Moves the entry of the header at `at` by `distance` bytes, in place.
 *
 * @returns `false`, with nothing changed, if the header has to grow or has grown for that: see {@link movedHeader}.
 */
export function moveInPlace(headers: Uint8Array, at: number, distance: number): boolean {
	const offset = at + OFFSET;
	const small = (u16(headers, offset) | (u16(headers, offset + 2) << 16)) >>> 0;
	const moved = small + distance;
	if (moved >= U32_MAX) return false; // also where ZIP64 holds the offset
	headers[offset] = moved;
	headers[offset + 1] = moved >>> 8;
	headers[offset + 2] = moved >>> 16;
	headers[offset + 3] = moved >>> 24;
	return true;
}

/**
 * A copy of a header whose entry lies `distance` bytes further behind: the same bytes as if it had been
 * written for that place, ZIP64 included.
 */
export function movedHeader(header: Uint8Array, distance: number): Uint8Array {
	const small = viewOf(header).getUint32(OFFSET, true);
	if (small === U32_MAX) return withLargeOffset(header, readCentralHeader(header).offset + distance);
	if (small + distance >= U32_MAX) return withLargeOffset(withRoomForOffset(header), small + distance);
	const moved = new Uint8Array(header);
	viewOf(moved).setUint32(OFFSET, small + distance, true);
	return moved;
}

/** Writes an offset to where the ZIP64 extra field has room for it. */
function withLargeOffset(header: Uint8Array, offset: number): Uint8Array {
	const moved = new Uint8Array(header);
	const view = viewOf(moved);
	view.setBigUint64((largeValuesAt(view) ?? 0) + largeSizesLength(view), BigInt(offset), true);
	return moved;
}

/** The header with one more value in its ZIP64 extra field, which comes first where there was none. */
function withRoomForOffset(header: Uint8Array): Uint8Array {
	const before = viewOf(header);
	const values = largeValuesAt(before);
	const fieldLength = values === undefined ? EXTRA_HEADER_LENGTH : 0;
	const border =
		values === undefined
			? CENTRAL_DIRECTORY_HEADER_LENGTH + nameLength(header, 0)
			: values + largeSizesLength(before);
	const grown = new Uint8Array(header.byteLength + fieldLength + ZIP64_VALUE_LENGTH);
	grown.set(header.subarray(0, border));
	grown.set(header.subarray(border), border + fieldLength + ZIP64_VALUE_LENGTH);
	const view = viewOf(grown);
	const start = values === undefined ? border : values - EXTRA_HEADER_LENGTH;
	const length = values === undefined ? 0 : before.getUint16(start + 2, true);
	view.setUint16(start, ZIP64_EXTRA_ID, true);
	view.setUint16(start + 2, length + ZIP64_VALUE_LENGTH, true);
	const extraLength = before.getUint16(EXTRA_LENGTH, true) + fieldLength + ZIP64_VALUE_LENGTH;
	view.setUint16(EXTRA_LENGTH, extraLength, true);
	view.setUint32(OFFSET, U32_MAX, true);
	view.setUint16(VERSION_NEEDED, Math.max(before.getUint16(VERSION_NEEDED, true), VERSION_ZIP64), true);
	return grown;
}

/** Offset of the values of the ZIP64 extra field; `undefined` if there is none. */
function largeValuesAt(header: DataView): number | undefined {
	let at = CENTRAL_DIRECTORY_HEADER_LENGTH + header.getUint16(NAME_LENGTH, true);
	const end = at + header.getUint16(EXTRA_LENGTH, true);
	while (at + EXTRA_HEADER_LENGTH <= end) {
		if (header.getUint16(at, true) === ZIP64_EXTRA_ID) return at + EXTRA_HEADER_LENGTH;
		at += EXTRA_HEADER_LENGTH + header.getUint16(at + 2, true);
	}
	return undefined;
}

/** Bytes of the sizes in the ZIP64 extra field, which stand before the offset. */
function largeSizesLength(header: DataView): number {
	const sizes = [UNCOMPRESSED_SIZE, COMPRESSED_SIZE].filter((at) => header.getUint32(at, true) === U32_MAX);
	return sizes.length * ZIP64_VALUE_LENGTH;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
	return new DataView(buffer, byteOffset, byteLength);
}

function u16(bytes: Uint8Array, offset: number): number {
	return (bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8);
}
