import type { EntryFacts } from "../reader/entry.ts";
import { FIRST_ZIP_TIME_MS } from "../zip/format/dos-time.ts";
import { U16_MAX, U32_MAX } from "../zip/format/limits.ts";
import {
	centralExtraLength,
	dataDescriptorLength,
	localFileHeaderLength,
	TIMESTAMP_EXTRA_LENGTH,
	timestampLength,
} from "../zip/format/record-lengths.ts";
import {
	centralDirectoryHeader,
	dataDescriptor,
	type EntryHeader,
	isMethod,
	localFileHeader,
	NO_TOTALS,
	STORED,
	ZSTD,
} from "../zip/format/records.ts";

/** What every header of zipferry says (APPNOTE 4.4.2, 4.4.3, 4.4.4). */
const OWN_VERSION_MADE_BY = (3 << 8) | 63;
const DOS_DIRECTORY = 0x10;
const VERSION_DEFAULT = 20;
const VERSION_ZIP64 = 45;
const VERSION_ZSTD = 63;
const FLAG_DATA_DESCRIPTOR = 1 << 3;
const FLAG_UTF8 = 1 << 11;
/** Id, length and flags of the only extended timestamp that zipferry writes. */
const TIMESTAMP_START = Buffer.from([0x55, 0x54, 5, 0, 1]);

/** The records of an entry as zipferry writes them. */
export interface OwnRecords {
	readonly localHeader: Uint8Array;
	/** Empty if it has none. */
	readonly dataDescriptor: Uint8Array;
}

/** Whether a central header says that zipferry has written it. So do some of other programs. */
export function hasOwnVersion({ versionMadeBy }: EntryFacts): boolean {
	return versionMadeBy === OWN_VERSION_MADE_BY;
}

/**
 * Whether a central header looks as if zipferry had written it, apart from its version. Other programs do not write the same
 * extra fields.
 */
export function hasOwnForm(entry: EntryFacts): boolean {
	const { versionNeeded, flags, method, extra, externalAttributes, kind } = entry;
	if ((externalAttributes & U16_MAX) !== (kind === "directory" ? DOS_DIRECTORY : 0)) return false;
	if (!isMethod(method) || (flags & ~(FLAG_DATA_DESCRIPTOR | FLAG_UTF8)) !== 0) return false;
	const versions = method === ZSTD ? [VERSION_ZSTD] : [VERSION_DEFAULT, VERSION_ZIP64];
	if (!versions.includes(versionNeeded)) return false;
	const mtimeMs = ownMtime(entry);
	const largeCount = largeCountOf(entry);
	if (extra.byteLength !== centralExtraLength({ mtimeMs, largeCount })) return false;
	if (versionNeeded === VERSION_DEFAULT && largeCount > 0) return false;
	const at = extra.byteLength - TIMESTAMP_EXTRA_LENGTH;
	return timestampLength(mtimeMs) === 0 || TIMESTAMP_START.equals(extra.subarray(at, at + 5));
}

/**
 * Bytes from the beginning of an entry of zipferry's to the next one: one length, or two if only the local header tells
 * whether it has 8-byte sizes.
 */
export function ownLengths(entry: EntryFacts): readonly [number, number?] {
	const lengthFor = (zip64: boolean) => {
		const header = localFileHeaderLength(entry.rawName.byteLength, { mtimeMs: ownMtime(entry), zip64 });
		return header + entry.compressedSize + (hasDescriptor(entry) ? dataDescriptorLength(zip64) : 0);
	};
	const [first, second] = zip64Choices(entry);
	return second === undefined ? [lengthFor(first)] : [lengthFor(first), lengthFor(second)];
}

/** The records that belong to a central header, byte by byte; two forms where it leaves that open. */
export function ownRecords(entry: EntryFacts): readonly [OwnRecords, OwnRecords?] {
	const recordsFor = (zip64: boolean): OwnRecords => {
		const header = ownHeader(entry, zip64);
		return {
			localHeader: localFileHeader(header, header.dataDescriptor ? NO_TOTALS : entry),
			dataDescriptor: header.dataDescriptor ? dataDescriptor(header, entry) : new Uint8Array(),
		};
	};
	const [first, second] = zip64Choices(entry);
	return second === undefined ? [recordsFor(first)] : [recordsFor(first), recordsFor(second)];
}

/**
 * The central directory header of an entry of zipferry's if it stood at the beginning of an archive.
 *
 * @param length - Bytes up to the next entry, one of {@link ownLengths}.
 */
export function ownCentralHeader(entry: EntryFacts, length: number): Uint8Array {
	const [least] = ownLengths(entry);
	const [first, second = first] = zip64Choices(entry);
	return headerAtStart(entry, length === least ? first : second);
}

/** The same of an entry whose local header has 8-byte sizes, by any of its headers. */
export function ownWideHeader(entry: EntryFacts): Uint8Array {
	return headerAtStart(entry, true);
}

function headerAtStart(entry: EntryFacts, zip64: boolean): Uint8Array {
	return centralDirectoryHeader(ownHeader(entry, zip64), entry, {
		unixMode: entry.externalAttributes >>> 16,
		directory: entry.kind === "directory",
		comment: Buffer.from(entry.comment, "utf8"),
		offset: 0,
	});
}

function ownHeader(entry: EntryFacts, zip64: boolean): EntryHeader {
	return {
		name: entry.rawName,
		utf8: (entry.flags & FLAG_UTF8) !== 0,
		method: isMethod(entry.method) ? entry.method : STORED,
		mtimeMs: ownMtime(entry),
		dataDescriptor: hasDescriptor(entry),
		zip64,
	};
}

/**
 * Whether the local header has a ZIP64 extra field: without a data descriptor if a size needs it, as of data that was copied from another
 * archive. With one, if the offset of the entry needed ZIP64, the central header says version 4.5 either way, and 6.3 always for Zstandard.
 */
function zip64Choices(entry: EntryFacts): readonly [boolean, boolean?] {
	const { versionNeeded, compressedSize, uncompressedSize, offset } = entry;
	if (versionNeeded === VERSION_DEFAULT) return [false];
	const largeSizes = compressedSize >= U32_MAX || uncompressedSize >= U32_MAX;
	if (!hasDescriptor(entry)) return [largeSizes];
	if (versionNeeded === VERSION_ZSTD) return largeSizes ? [true] : [false, true];
	return largeSizes || offset < U32_MAX ? [true] : [false, true];
}

function hasDescriptor({ flags }: EntryFacts): boolean {
	return (flags & FLAG_DATA_DESCRIPTOR) !== 0;
}

function largeCountOf({ compressedSize, uncompressedSize, offset }: EntryFacts): number {
	return [compressedSize, uncompressedSize, offset].filter((value) => value >= U32_MAX).length;
}

/** Times before 1901 have no extended timestamp, and are the first MS-DOS time. */
function ownMtime({ mtime, mtimeSource }: EntryFacts): number {
	const ms = mtime.getTime();
	return mtimeSource === "dos" && ms === FIRST_ZIP_TIME_MS ? Number.NEGATIVE_INFINITY : ms;
}
