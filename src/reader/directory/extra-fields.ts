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
		const id = u16(extra, at);
		const end = at + HEADER_LENGTH + u16(extra, at + 2);
		if (end > extra.byteLength) return "has extra fields that go beyond their end";
		const data = () => extra.subarray(at + HEADER_LENGTH, end);
		if (id === EXTRA.zip64) {
			if (zip64 !== undefined) return "has two ZIP64 extra fields";
			zip64 = data();
		} else if (id === EXTRA.timestamp) timestamp ??= data();
		else if (id === EXTRA.ntfs) ntfs ??= data();
		else if (id === EXTRA.unicodeName) unicodeName ??= data();
		at = end;
	}
	return { zip64, ntfs, timestamp, unicodeName };
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
	if (uncompressedSize !== U32_MAX && compressedSize !== U32_MAX && offset !== U32_MAX) return values;
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
	return missing ? "has a ZIP64 extra field without the sizes that stand in it" : found;
}

function u16(bytes: Uint8Array, at: number): number {
	return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}
