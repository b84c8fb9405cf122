import { formatNumber } from "../../bytes/units.ts";
import { U16_MAX, U32_MAX } from "../../zip/format/limits.ts";
import { ArchiveError } from "../archive-error.ts";

/** What the end of an archive says of the rest. */
export interface EndRecords {
	readonly entryCount: number;
	/** Byte of the archive at which the central directory begins. */
	readonly directoryStart: number;
	/** The byte behind it. */
	readonly directoryEnd: number;
	readonly zip64: boolean;
	readonly comment: Uint8Array;
}

const SIGNATURE_LENGTH = 4;
const EOCD_SIGNATURE = 0x0605_4b50;
const EOCD_LENGTH = 22;
const LOCATOR_SIGNATURE = 0x0706_4b50;
const LOCATOR_LENGTH = 20;
const ZIP64_SIGNATURE = 0x0606_4b50;
const ZIP64_LENGTH = 56;
/** Bytes of the ZIP64 record that its own size does not count (APPNOTE 4.3.14.1). */
const ZIP64_UNCOUNTED = 12;
const HEADER_LENGTH = 46;

/** The archive whose end is looked at. */
interface Ending {
	readonly location: string;
	/** Bytes of the archive. */
	readonly size: number;
	/** Its last bytes. */
	readonly tail: Uint8Array;
	readonly view: DataView;
	/** Byte of the archive at which the tail begins. */
	readonly start: number;
}

/** The values that both kinds of end record have. */
interface EndValues {
	readonly disk: number;
	readonly directoryDisk: number;
	readonly countOnDisk: number;
	readonly count: number;
	readonly size: number;
	readonly offset: number;
}

/**
 * Finds the end of central directory records (APPNOTE 4.3.14 to 4.3.16), and takes them only if every reader would find
 * the same: one record that ends where the archive ends, all numbers of it and of its ZIP64 record equal, and the directory right
 * before them. Programs differ in what they do with anything else, so that one may see other entries than another.
 *
 * @param tail - The last bytes of the archive: all, or at least 65,633.
 * @throws {ArchiveError} `INVALID_ARCHIVE`
 */
export function findEndRecords(location: string, size: number, tail: Uint8Array): EndRecords {
	const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
	const ending: Ending = { location, size, tail, view, start: size - tail.byteLength };
	const at = findEndRecord(ending);
	const record = readEndRecord(view, at);
	const large = readZip64(ending, at);
	const values = large === undefined ? record : agreed(ending, record, large.values);
	checkDisks(ending, values);
	const recordsStart = ending.start + (large?.at ?? at);
	checkDirectory(ending, values, recordsStart);
	return {
		entryCount: values.count,
		directoryStart: values.offset,
		directoryEnd: recordsStart,
		zip64: large !== undefined,
		comment: new Uint8Array(tail.subarray(at + EOCD_LENGTH)),
	};
}

/** Offset in the tail of the only record that can be meant. */
function findEndRecord(ending: Ending): number {
	const { view, tail } = ending;
	const first = Math.max(0, tail.byteLength - EOCD_LENGTH - U16_MAX);
	const candidates: number[] = [];
	for (let at = first; at <= tail.byteLength - SIGNATURE_LENGTH; at++)
		if (view.getUint32(at, true) === EOCD_SIGNATURE) candidates.push(at);
	const endOf = (at: number) => {
		const there = at + EOCD_LENGTH <= tail.byteLength;
		return at + EOCD_LENGTH + (there ? view.getUint16(at + 20, true) : 0);
	};
	const exact = candidates.filter((at) => endOf(at) === tail.byteLength);
	const [record, another] = exact;
	if (another !== undefined)
		throw invalid(ending, "has several end records, so it can be read as several archives");
	const last = candidates.at(-1);
	if (last === undefined) {
		if (tail.byteLength === 0) throw invalid(ending, "is empty");
		throw invalid(
			ending,
			"is no ZIP archive, or its end is missing: there is no end of central directory record",
		);
	}
	if (record === undefined) {
		const behind = tail.byteLength - endOf(last);
		if (behind > 0) throw invalid(ending, `has ${bytes(behind)} behind its end record`, last);
		throw invalid(ending, `is cut off: its end lacks ${bytes(-behind)}`, last);
	}
	if (last > record)
		throw invalid(
			ending,
			"has the signature of an end record in its comment, so it can be read as several archives",
			last,
		);
	return record;
}

/** APPNOTE 4.3.16 */
function readEndRecord(view: DataView, at: number): EndValues {
	return {
		disk: view.getUint16(at + 4, true),
		directoryDisk: view.getUint16(at + 6, true),
		countOnDisk: view.getUint16(at + 8, true),
		count: view.getUint16(at + 10, true),
		size: view.getUint32(at + 12, true),
		offset: view.getUint32(at + 16, true),
	};
}

/** The ZIP64 end of central directory record (APPNOTE 4.3.14), and where in the tail it is; `undefined` if there is none. */
function readZip64(ending: Ending, end: number): { at: number; values: EndValues } | undefined {
	const { view, start } = ending;
	const locator = end - LOCATOR_LENGTH;
	if (locator < 0 || view.getUint32(locator, true) !== LOCATOR_SIGNATURE) return undefined;
	const disk = view.getUint32(locator + 4, true);
	const offset = u64(view, locator + 8);
	const diskCount = view.getUint32(locator + 16, true);
	if (disk !== 0 || diskCount > 1) throw invalid(ending, "is one part of an archive of several", locator);
	const at = offset - start;
	const follows = at >= 0 && at <= locator - ZIP64_LENGTH && view.getUint32(at, true) === ZIP64_SIGNATURE;
	if (!follows || u64(view, at + 4) + ZIP64_UNCOUNTED !== locator - at)
		throw invalid(ending, "has no ZIP64 end record where its locator says, right before it", locator);
	return {
		at,
		values: {
			disk: view.getUint32(at + 16, true),
			directoryDisk: view.getUint32(at + 20, true),
			countOnDisk: u64(view, at + 24),
			count: u64(view, at + 32),
			size: u64(view, at + 40),
			offset: u64(view, at + 48),
		},
	};
}

/** The values of the ZIP64 record, which those of the short record must not contradict (APPNOTE 4.4.1.4). */
function agreed(ending: Ending, record: EndValues, large: EndValues): EndValues {
	const most: EndValues = {
		...{ disk: U16_MAX, directoryDisk: U16_MAX, countOnDisk: U16_MAX, count: U16_MAX },
		...{ size: U32_MAX, offset: U32_MAX },
	};
	for (const name of Object.keys(most) as (keyof EndValues)[]) // of the line above
		if (record[name] !== most[name] && record[name] !== large[name])
			throw invalid(
				ending,
				`has end records that contradict each other: ${WORDS[name]} is ${formatNumber(record[name])} in one, ${formatNumber(large[name])} in the ZIP64 one`,
			);
	return large;
}

const WORDS: Readonly<Record<keyof EndValues, string>> = {
	disk: "the number of its part",
	directoryDisk: "the part with the directory",
	countOnDisk: "the number of entries in this part",
	count: "the number of entries",
	size: "the size of the directory",
	offset: "the offset of the directory",
};

function checkDisks(ending: Ending, { disk, directoryDisk, countOnDisk, count }: EndValues): void {
	if (disk !== 0 || directoryDisk !== 0 || countOnDisk !== count)
		throw invalid(ending, "is one part of an archive of several");
}

function checkDirectory(ending: Ending, { count, size, offset }: EndValues, recordsStart: number): void {
	const before = recordsStart - size - offset;
	if (before !== 0 && size <= recordsStart) {
		if (before > 0)
			throw invalid(
				ending,
				`has ${bytes(before)} in front of it, or between its directory and its end record, that do not belong to it`,
			);
		throw invalid(ending, `lacks ${bytes(-before)}: its directory is said to end behind its end record`);
	}
	if (before !== 0)
		throw invalid(
			ending,
			`has a directory of ${bytes(size)}, which is more than there are before its end record`,
		);
	if (count * HEADER_LENGTH > size)
		throw invalid(
			ending,
			`says that it has ${formatNumber(count)} entries, for which its directory of ${bytes(size)} is too small`,
		);
	if (count === 0 && size > 0)
		throw invalid(ending, `says that it has no entries, but has a directory of ${bytes(size)}`);
}

/** Values beyond 2^53 lose bits, and are beyond every archive all the same. */
function u64(view: DataView, at: number): number {
	return Number(view.getBigUint64(at, true));
}

function bytes(count: number): string {
	return `${formatNumber(count)} byte${count === 1 ? "" : "s"}`;
}

function invalid({ location, start }: Ending, reason: string, at?: number): ArchiveError {
	const offset = at === undefined ? undefined : start + at;
	return new ArchiveError("INVALID_ARCHIVE", reason, { location, offset });
}
