import { unixSeconds } from "./dos-time.ts";

/*
 * Lengths of all records, bytes: what the records are written by, and what the size and the layout of an archive
 * are computed from before there is one.
 */

const LOCAL_FILE_HEADER_LENGTH = 30;
/** Without name, extra fields and comment. */
export const CENTRAL_DIRECTORY_HEADER_LENGTH = 46;
const EOCD_LENGTH = 22;
export const ZIP64_EOCD_LENGTH = 56;
const ZIP64_EOCD_LOCATOR_LENGTH = 20;

/** Bytes of the beginning of every extra field. */
export const EXTRA_HEADER_LENGTH = 4;
/** The whole extended timestamp. */
export const TIMESTAMP_EXTRA_LENGTH = 9;
export const ZIP64_VALUE_LENGTH = 8;
/** Bytes that the central directory header of an entry grows by at most if it comes to lie behind 4 GiB. */
export const ZIP64_OFFSET_GROWTH: number = EXTRA_HEADER_LENGTH + ZIP64_VALUE_LENGTH;
/** Bytes that the end of an archive takes more where it needs ZIP64. */
export const ZIP64_END_GROWTH: number = ZIP64_EOCD_LENGTH + ZIP64_EOCD_LOCATOR_LENGTH;

/** The facts that decide the extra fields of a local header. */
export interface LocalExtra {
	/** Milliseconds since 1970-01-01 UTC. */
	readonly mtimeMs: number;
	readonly zip64: boolean;
}

export function localExtraLength({ mtimeMs, zip64 }: LocalExtra): number {
	return zip64ExtraLength(zip64 ? 2 : 0) + timestampLength(mtimeMs); // both sizes must be there (APPNOTE 4.5.3)
}

export function localFileHeaderLength(nameLength: number, extra: LocalExtra): number {
	return LOCAL_FILE_HEADER_LENGTH + nameLength + localExtraLength(extra);
}

export function dataDescriptorLength(zip64: boolean): number {
	return zip64 ? 24 : 16;
}

/** The facts that decide the extra fields of a central header. */
export interface CentralExtra {
	/** Milliseconds since 1970-01-01 UTC. */
	readonly mtimeMs: number;
	/** How many of size, compressed size and offset do not fit 32 bits. */
	readonly largeCount: number;
}

export function centralExtraLength({ mtimeMs, largeCount }: CentralExtra): number {
	return zip64ExtraLength(largeCount) + timestampLength(mtimeMs);
}

export function centralDirectoryHeaderLength(
	nameLength: number,
	commentLength: number,
	extra: CentralExtra,
): number {
	return CENTRAL_DIRECTORY_HEADER_LENGTH + nameLength + centralExtraLength(extra) + commentLength;
}

/** Bytes of the records that close the archive after its central directory. */
export function endOfCentralDirectoryLength(zip64: boolean, commentLength: number): number {
	return (zip64 ? ZIP64_END_GROWTH : 0) + EOCD_LENGTH + commentLength;
}

/** Bytes of a ZIP64 extra field; there is none without values. */
function zip64ExtraLength(valueCount: number): number {
	return valueCount === 0 ? 0 : EXTRA_HEADER_LENGTH + valueCount * ZIP64_VALUE_LENGTH;
}

/** None where the time does not fit the extended timestamp. */
export function timestampLength(mtimeMs: number): number {
	return unixSeconds(mtimeMs) === undefined ? 0 : TIMESTAMP_EXTRA_LENGTH;
}
