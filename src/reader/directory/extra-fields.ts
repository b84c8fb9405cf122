import { u16At } from "../../bytes/little-endian.ts";
import { U32_MAX } from "../../zip/format/limits.ts";

/** Ids of extra fields (APPNOTE 4.5.2, 4.6.1). */
const EXTRA = { zip64: 0x0001, ntfs: 0x000a, timestamp: 0x5455, unicodeName: 0x7075 } as const;

const HEADER_LENGTH = 4;

/** Where the data of the extra fields that are read here is, for fields that are there. */
export interface ExtraFields {
	readonly zip64: Uint8Array | undefined;
	readonly ntfs: Uint8Array | undefined;
	readonly timestamp: Uint8Array | undefined;
	readonly unicodeName: Uint8Array | undefined;
}

const NONE: ExtraFields = { zip64: undefined, ntfs: undefined, timestamp: undefined, unicodeName: undefined };

/**
 * Reads extra fields (APPNOTE 4.5). Up to three bytes at the end that are no field are let pass: tools pad with them.
 *
 * @returns the reason why they cannot be read, if they cannot: a field goes beyond their end, or there are two of ZIP64.
 */
export function readExtraFields(extra: Uint8Array): ExtraFields | string {
	if (extra.byteLength === 0) return NONE;
	let { zip64, ntfs, timestamp, unicodeName } = NONE;
	for (let at = 0; at + HEADER_LENGTH <= extra.byteLength; ) {
		const id = u16At(extra, at);
		const end = at + HEADER_LENGTH + u16At(extra, at + 2);
		if (end > extra.byteLength) return "has extra fields that go beyond their end";
		const start = at + HEADER_LENGTH;
		if (id === EXTRA.zip64) {
			if (zip64 !== undefined) return "has two ZIP64 extra fields";
			zip64 = extra.subarray(start, end);
		} else if (id === EXTRA.timestamp) timestamp ??= extra.subarray(start, end);
		else if (id === EXTRA.ntfs) ntfs ??= extra.subarray(start, end);
		else if (id === EXTRA.unicodeName) unicodeName ??= extra.subarray(start, end);
		at = end;
	}
	return { zip64, ntfs, timestamp, unicodeName };
}

/** Whether {@link readExtraFields} would find a Unicode path field, without making anything. */
export function mayHaveUnicodeName(bytes: Uint8Array, start: number, end: number): boolean {
	for (let at = start; at + HEADER_LENGTH <= end; at += HEADER_LENGTH + u16At(bytes, at + 2))
		if (u16At(bytes, at) === EXTRA.unicodeName) return true;
	return false;
}

/** The values that a ZIP64 extra field can stand for (APPNOTE 4.5.3), in its order. */
export interface LargeValues {
	readonly uncompressedSize: number;
	readonly compressedSize: number;
	/** Only in the central directory. */
	readonly offset?: number;
}

/**
 * Puts the values of the ZIP64 extra field (APPNOTE 4.5.3) in the place of those that are 0xFFFFFFFF.
 *
 * @returns the reason why that cannot be done, if it cannot.
 */
export function withLargeValues<Values extends LargeValues>(
	values: Values,
	zip64: Uint8Array | undefined,
): Values | string {
	const { uncompressedSize, compressedSize, offset = 0 } = values;
	if (uncompressedSize !== U32_MAX && compressedSize !== U32_MAX && offset !== U32_MAX)
		return zip64 !== undefined && hasOthers(zip64, 0, values) ? CONTRADICTS : values;
	if (zip64 === undefined) return "has sizes that stand in a ZIP64 extra field, but no such field";
	const view = new DataView(zip64.buffer, zip64.byteOffset, zip64.byteLength);
	let at = 0;
	let missing = false;
	const large = (small: number): number => {
		if (small !== U32_MAX) return small;
		missing ||= at + 8 > view.byteLength;
		if (missing) return 0;
		at += 8;
		return Number(view.getBigUint64(at - 8, true));
	};
	const found = {
		...values,
		uncompressedSize: large(uncompressedSize),
		compressedSize: large(compressedSize),
		...(values.offset === undefined ? {} : { offset: large(offset) }),
	};
	if (missing) return "has a ZIP64 extra field without the sizes that stand in it";
	return hasOthers(zip64, at, found) ? CONTRADICTS : found;
}

const CONTRADICTS = "has a ZIP64 extra field that contradicts its header";

/**
 * Whether the field has more in it than the header leaves to it, and that is something else. Tools that write all values
 * are many; but one that reads them all would read others than one that reads what it has to.
 */
function hasOthers(zip64: Uint8Array, used: number, found: LargeValues): boolean {
	const view = new DataView(zip64.buffer, zip64.byteOffset, zip64.byteLength);
	if (view.byteLength - used < 8) return false;
	const all = [found.uncompressedSize, found.compressedSize, found.offset];
	return all.some((value, index) => {
		const at = 8 * index;
		return value !== undefined && at + 8 <= view.byteLength && Number(view.getBigUint64(at, true)) !== value;
	});
}
