import { VERSION_ZIP64, VERSION_ZSTD, ZIP64_EXTRA_ID } from "./central-header.ts";
import { dosTime, unixSeconds } from "./dos-time.ts";
import { U16_MAX, U32_MAX } from "./limits.ts";
import {
	centralDirectoryHeaderLength,
	centralExtraLength,
	dataDescriptorLength,
	EXTRA_HEADER_LENGTH,
	endOfCentralDirectoryLength,
	localExtraLength,
	localFileHeaderLength,
	TIMESTAMP_EXTRA_LENGTH,
	ZIP64_EOCD_LENGTH,
} from "./record-lengths.ts";
import { RecordWriter } from "./record-writer.ts";

/** Compression methods this writer produces (APPNOTE 4.4.5). */
export const STORED = 0;
export const DEFLATED = 8;
export const ZSTD = 93;
export type Method = typeof STORED | typeof DEFLATED | typeof ZSTD;

export function isMethod(method: number): method is Method {
	return method === STORED || method === DEFLATED || method === ZSTD;
}

const FLAG_DATA_DESCRIPTOR = 1 << 3;
const FLAG_UTF8 = 1 << 11;

const VERSION_DEFAULT = 20; // directories and DEFLATE (APPNOTE 4.4.3.2)
/** Made on Unix (3), so that readers take modes and links from the external attributes; APPNOTE 6.3. */
const VERSION_MADE_BY = (3 << 8) | 63;

const DOS_DIRECTORY = 0x10;

const TIMESTAMP_EXTRA_ID = 0x5455;

/** The fields that the local and the central header of an entry must agree on. */
export interface EntryHeader {
	readonly name: Uint8Array;
	/** Sets the language encoding flag: name and comment are UTF-8 (APPNOTE 4.4.4, bit 11). */
	readonly utf8: boolean;
	readonly method: Method;
	/** Milliseconds since 1970-01-01 UTC. */
	readonly mtimeMs: number;
	/** CRC-32 and sizes follow the data (APPNOTE 4.3.9). */
	readonly dataDescriptor: boolean;
	/** The local header has a ZIP64 extra field, so the data descriptor has 8-byte sizes. */
	readonly zip64: boolean;
}

/** The facts about the data when a header is written. */
export interface EntryTotals {
	readonly crc32: number;
	readonly compressedSize: number;
	readonly uncompressedSize: number;
}

export const NO_TOTALS: EntryTotals = { crc32: 0, compressedSize: 0, uncompressedSize: 0 };

/**
 * Local file header (APPNOTE 4.3.7).
 *
 * With a data descriptor the CRC-32 is not known yet and stands as zero. The width of the descriptor's
 * sizes has to be chosen here, before the data is read: a reader expects 8-byte sizes if and only if
 * this header has a ZIP64 extra field (4.3.9.2), whose sizes are zeros then as well (4.4.4, bit 3): libzip up
 * to 1.7 calls an archive inconsistent that has them without their CRC-32.
 */
export function localFileHeader(header: EntryHeader, totals: EntryTotals): Uint8Array {
	const { name, zip64 } = header;
	const extraLength = localExtraLength(header);
	const sizesKnown = !header.dataDescriptor;
	const modified = dosTime(header.mtimeMs);
	const record = new RecordWriter(localFileHeaderLength(name.byteLength, header))
		.u32(0x0403_4b50) // local file header signature
		.u16(versionNeeded(header.method, zip64)) // version needed to extract
		.u16(flags(header)) // general purpose bit flag
		.u16(header.method) // compression method
		.u16(modified.time) // last mod file time
		.u16(modified.date) // last mod file date
		.u32(sizesKnown ? totals.crc32 : 0) // crc-32
		.u32(zip64 ? U32_MAX : sizesKnown ? totals.compressedSize : 0) // compressed size
		.u32(zip64 ? U32_MAX : sizesKnown ? totals.uncompressedSize : 0) // uncompressed size
		.u16(name.byteLength) // file name length
		.u16(extraLength) // extra field length
		.raw(name);
	if (zip64) {
		record
			.u16(ZIP64_EXTRA_ID) // 4.5.3
			.u16(16) // both sizes must be there (4.5.3)
			.u64(totals.uncompressedSize)
			.u64(totals.compressedSize);
	}
	return withTimestamp(record, header.mtimeMs).bytes;
}

/** Data descriptor with its signature, which most readers expect (APPNOTE 4.3.9, 4.3.9.3). */
export function dataDescriptor({ zip64 }: EntryHeader, totals: EntryTotals): Uint8Array {
	const record = new RecordWriter(dataDescriptorLength(zip64))
		.u32(0x0807_4b50) // signature
		.u32(totals.crc32); // crc-32
	if (zip64) return record.u64(totals.compressedSize).u64(totals.uncompressedSize).bytes;
	return record.u32(totals.compressedSize).u32(totals.uncompressedSize).bytes;
}

/** The fields that only the central header has. */
export interface CentralDetails {
	/** Unix file type and permission bits, as in `st_mode`. */
	readonly unixMode: number;
	readonly directory: boolean;
	/** UTF-8 bytes. */
	readonly comment: Uint8Array;
	/** Offset of the local file header from the start of the archive. */
	readonly offset: number;
}

/**
 * Central directory header (APPNOTE 4.3.12).
 *
 * The ZIP64 extra field holds exactly the values whose 32-bit field is 0xFFFFFFFF, in the order of
 * 4.5.3. Writing more than those is what 7-Zip reports as "Headers Error".
 */
export function centralDirectoryHeader(
	header: EntryHeader,
	totals: EntryTotals,
	{ unixMode, directory, comment, offset }: CentralDetails,
): Uint8Array {
	const { name } = header;
	const large = [totals.uncompressedSize, totals.compressedSize, offset].filter((value) => value >= U32_MAX);
	const extra = { mtimeMs: header.mtimeMs, largeCount: large.length };
	const extraLength = centralExtraLength(extra);
	const modified = dosTime(header.mtimeMs);
	const record = new RecordWriter(centralDirectoryHeaderLength(name.byteLength, comment.byteLength, extra))
		.u32(0x0201_4b50) // central file header signature
		.u16(VERSION_MADE_BY) // version made by
		.u16(versionNeeded(header.method, header.zip64 || large.length > 0)) // version needed to extract
		.u16(flags(header)) // general purpose bit flag
		.u16(header.method) // compression method
		.u16(modified.time) // last mod file time
		.u16(modified.date) // last mod file date
		.u32(totals.crc32) // crc-32
		.u32(Math.min(totals.compressedSize, U32_MAX)) // compressed size
		.u32(Math.min(totals.uncompressedSize, U32_MAX)) // uncompressed size
		.u16(name.byteLength) // file name length
		.u16(extraLength) // extra field length
		.u16(comment.byteLength) // file comment length
		.u16(0) // disk number start
		.u16(0) // internal file attributes
		.u32(unixMode * 0x1_0000 + (directory ? DOS_DIRECTORY : 0)) // external file attributes
		.u32(Math.min(offset, U32_MAX)) // relative offset of local header
		.raw(name);
	if (large.length > 0) {
		record.u16(ZIP64_EXTRA_ID).u16(8 * large.length);
		for (const value of large) record.u64(value);
	}
	return withTimestamp(record, header.mtimeMs).raw(comment).bytes;
}

/** Offset, size and entry count of the central directory. */
export interface DirectoryTotals {
	readonly entryCount: number;
	/** Bytes. */
	readonly size: number;
	/** Bytes from the start of the archive. */
	readonly offset: number;
}

/** Whether the end of central directory record cannot hold a total itself (APPNOTE 4.4.1.4). */
export function needsZip64End({ entryCount, size, offset }: DirectoryTotals): boolean {
	return entryCount >= U16_MAX || size >= U32_MAX || offset >= U32_MAX;
}

/**
 * The records that close the archive: the ZIP64 end record and its locator where they are needed (APPNOTE 4.3.14,
 * 4.3.15), then the end of central directory record (4.3.16).
 */
export function endOfCentralDirectory(totals: DirectoryTotals, comment: Uint8Array): Uint8Array {
	const { entryCount, size, offset } = totals;
	const zip64 = needsZip64End(totals);
	const record = new RecordWriter(endOfCentralDirectoryLength(zip64, comment.byteLength));
	if (zip64) {
		record
			.u32(0x0606_4b50) // zip64 end of central dir signature
			.u64(ZIP64_EOCD_LENGTH - 12) // size of this record, without the fields up to here
			.u16(VERSION_MADE_BY) // version made by
			.u16(VERSION_ZIP64) // version needed to extract
			.u32(0) // number of this disk
			.u32(0) // disk with the start of the central directory
			.u64(entryCount) // entries on this disk
			.u64(entryCount) // entries
			.u64(size) // size of the central directory
			.u64(offset) // offset of the central directory
			.u32(0x0706_4b50) // zip64 end of central dir locator signature
			.u32(0) // disk with the zip64 end record
			.u64(offset + size) // offset of the zip64 end record
			.u32(1); // total number of disks
	}
	return record
		.u32(0x0605_4b50) // end of central dir signature
		.u16(0) // number of this disk
		.u16(0) // disk with the start of the central directory
		.u16(Math.min(entryCount, U16_MAX)) // entries on this disk
		.u16(Math.min(entryCount, U16_MAX)) // entries
		.u32(Math.min(size, U32_MAX)) // size of the central directory
		.u32(Math.min(offset, U32_MAX)) // offset of the central directory
		.u16(comment.byteLength) // .ZIP file comment length
		.raw(comment).bytes;
}

/** APPNOTE 4.4.3.2. */
function versionNeeded(method: Method, zip64: boolean): number {
	if (method === ZSTD) return VERSION_ZSTD;
	return zip64 ? VERSION_ZIP64 : VERSION_DEFAULT;
}

function flags({ dataDescriptor, utf8 }: EntryHeader): number {
	return (dataDescriptor ? FLAG_DATA_DESCRIPTOR : 0) | (utf8 ? FLAG_UTF8 : 0);
}

/** Extended timestamp with the modification time only, the same in both headers (Info-ZIP `extrafld.txt`). */
function withTimestamp(record: RecordWriter, mtimeMs: number): RecordWriter {
	const seconds = unixSeconds(mtimeMs);
	if (seconds === undefined) return record;
	return record
		.u16(TIMESTAMP_EXTRA_ID)
		.u16(TIMESTAMP_EXTRA_LENGTH - EXTRA_HEADER_LENGTH)
		.u8(1) // modification time present
		.i32(seconds);
}
