import { demand, FieldReader } from "./field-reader.ts";
import type { ArchiveBytes } from "./sparse-bytes.ts";

/** What closes an archive (APPNOTE 4.3.14 to 4.3.16). */
export interface EndSnapshot {
	readonly entryCount: number;
	/** Bytes. */
	readonly directorySize: number;
	readonly directoryOffset: number;
	readonly comment: Buffer;
	/** Whether there are a ZIP64 end record and its locator. */
	readonly zip64: boolean;
}

const U16_MAX = 0xffff;
const U32_MAX = 0xffff_ffff;
const EOCD_LENGTH = 22;
const LOCATOR_LENGTH = 20;
const ZIP64_EOCD_LENGTH = 56;
const MADE_BY_UNIX_63 = 0x033f;

/** Reads and checks the end records; the last of them ends with the archive. */
export function inspectEnd(bytes: ArchiveBytes): EndSnapshot {
	const eocdOffset = findEocd(bytes);
	const eocd = new FieldReader(bytes.read(eocdOffset + 4, bytes.size - eocdOffset - 4));
	demand(eocd.u16() === 0 && eocd.u16() === 0, "EOCD: disk numbers are not 0");
	const countHere = eocd.u16();
	const count = eocd.u16();
	const size = eocd.u32();
	const offset = eocd.u32();
	const comment = Buffer.from(eocd.raw(eocd.u16()));
	demand(countHere === count, "EOCD: the two entry counts differ");
	const zip64 = inspectZip64End(bytes, eocdOffset);
	if (zip64 === undefined) {
		demand(count < U16_MAX && size < U32_MAX && offset < U32_MAX, "EOCD: says ZIP64, and there is none");
		const found = { entryCount: count, directorySize: size, directoryOffset: offset };
		demand(offset + size === eocdOffset, "the central directory does not end where the EOCD begins");
		return { ...found, comment, zip64: false };
	}
	const { entryCount, directorySize, directoryOffset } = zip64;
	demand(
		entryCount >= U16_MAX || directorySize >= U32_MAX || directoryOffset >= U32_MAX,
		"ZIP64 EOCD: nothing needs it",
	);
	demand(count === Math.min(entryCount, U16_MAX), "EOCD: entry count and ZIP64 EOCD disagree");
	demand(size === Math.min(directorySize, U32_MAX), "EOCD: directory size and ZIP64 EOCD disagree");
	demand(offset === Math.min(directoryOffset, U32_MAX), "EOCD: directory offset and ZIP64 EOCD disagree");
	return { ...zip64, comment, zip64: true };
}

function findEocd(bytes: ArchiveBytes): number {
	const searched = Math.min(bytes.size, EOCD_LENGTH + U16_MAX);
	const tail = Buffer.from(bytes.read(bytes.size - searched, searched));
	for (let commentSize = 0; commentSize + EOCD_LENGTH <= searched; commentSize++) {
		const at = searched - EOCD_LENGTH - commentSize;
		if (tail.readUInt32LE(at) === 0x0605_4b50 && tail.readUInt16LE(at + 20) === commentSize) {
			return bytes.size - searched + at;
		}
	}
	throw new Error("no end of central directory record ends with the archive");
}

function inspectZip64End(
	bytes: ArchiveBytes,
	eocdOffset: number,
): Omit<EndSnapshot, "comment" | "zip64"> | undefined {
	const locatorOffset = eocdOffset - LOCATOR_LENGTH;
	const recordOffset = locatorOffset - ZIP64_EOCD_LENGTH;
	if (recordOffset < 0) return undefined;
	const locator = new FieldReader(bytes.read(locatorOffset, LOCATOR_LENGTH));
	if (locator.u32() !== 0x0706_4b50) return undefined;
	demand(locator.u32() === 0, "ZIP64 locator: disk number is not 0");
	demand(locator.u64() === recordOffset, "ZIP64 locator: does not point at the ZIP64 EOCD before it");
	demand(locator.u32() === 1, "ZIP64 locator: number of disks is not 1");

	const record = new FieldReader(bytes.read(recordOffset, ZIP64_EOCD_LENGTH));
	demand(record.u32() === 0x0606_4b50, "ZIP64 EOCD: wrong signature");
	demand(record.u64() === ZIP64_EOCD_LENGTH - 12, "ZIP64 EOCD: wrong record size");
	demand(record.u16() === MADE_BY_UNIX_63, "ZIP64 EOCD: version made by is not Unix 6.3");
	demand(record.u16() === 45, "ZIP64 EOCD: version needed is not 45");
	demand(record.u32() === 0 && record.u32() === 0, "ZIP64 EOCD: disk numbers are not 0");
	const countHere = record.u64();
	const entryCount = record.u64();
	demand(countHere === entryCount, "ZIP64 EOCD: the two entry counts differ");
	const directorySize = record.u64();
	const directoryOffset = record.u64();
	demand(
		directoryOffset + directorySize === recordOffset,
		"the central directory does not end where the ZIP64 EOCD begins",
	);
	return { entryCount, directorySize, directoryOffset };
}
