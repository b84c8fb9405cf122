import { crc32, deflateRawSync } from "node:zlib";

/** The fields that a local and a central header share. */
interface SharedFields {
	readonly name: string | Uint8Array;
	readonly flags: number;
	readonly method: number;
	readonly crc32: number;
	readonly compressedSize: number;
	readonly uncompressedSize: number;
	readonly extra: Uint8Array;
	/** MS-DOS date and time. */
	readonly date: number;
	readonly time: number;
	readonly versionNeeded: number;
}

/** An entry of an archive made by hand: each field as it is given, right or wrong. */
export interface HandMadeEntry extends Partial<SharedFields> {
	readonly name: string | Uint8Array;
	/** Uncompressed; @defaultValue nothing */
	readonly content?: string | Uint8Array;
	/** Compressed; by default what the method makes of the content. */
	readonly data?: Uint8Array;
	readonly versionMadeBy?: number;
	readonly externalAttributes?: number;
	readonly comment?: string | Uint8Array;
	readonly disk?: number;
	readonly offset?: number;
	/** What the local header says otherwise. */
	readonly local?: Partial<SharedFields> & { readonly signature?: number };
	/** Bytes behind the data, such as a data descriptor. */
	readonly behind?: Uint8Array;
}

/** What the end of the archive says, by default the truth. */
export interface HandMadeEnd {
	readonly disk?: number;
	readonly directoryDisk?: number;
	readonly countOnDisk?: number;
	readonly count?: number;
	readonly size?: number;
	readonly offset?: number;
	readonly comment?: string | Uint8Array;
	readonly commentLength?: number;
	/** Bytes between directory and end records. */
	readonly gap?: Uint8Array;
	/** Makes a ZIP64 record and locator, with these values instead of the true ones. */
	readonly zip64?: Partial<Record<Zip64Field, number>>;
}

type Zip64Field =
	| "recordSize"
	| "disk"
	| "directoryDisk"
	| "countOnDisk"
	| "count"
	| "size"
	| "offset"
	| "locatorDisk"
	| "recordOffset"
	| "diskCount";

const STORED = 0;
export const DEFLATED = 8;
/** A Unix mode as external attributes. */
export const unixMode = (mode: number): number => (mode << 16) >>> 0;
/** Version made by, of Unix. */
export const MADE_ON_UNIX: number = (3 << 8) | 63;

export function u16(value: number): Buffer {
	const bytes = Buffer.alloc(2);
	bytes.writeUInt16LE(value);
	return bytes;
}

export function u32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value);
	return bytes;
}

export function u64(value: number | bigint): Buffer {
	const bytes = Buffer.alloc(8);
	bytes.writeBigUInt64LE(BigInt(value));
	return bytes;
}

/** An extra field. */
export function extraField(id: number, ...data: readonly Uint8Array[]): Buffer {
	const body = Buffer.concat(data);
	return Buffer.concat([u16(id), u16(body.byteLength), body]);
}

/** An archive of records made by hand. */
export function handMadeArchive(entries: readonly HandMadeEntry[], end: HandMadeEnd = {}): Buffer {
	const pieces: Uint8Array[] = [];
	const directory: Uint8Array[] = [];
	let offset = 0;
	for (const entry of entries) {
		const fields = fieldsOf(entry);
		const local = localHeader({ ...fields, ...entry.local }, entry.local?.signature);
		const piece = Buffer.concat([local, fields.data, entry.behind ?? Buffer.alloc(0)]);
		directory.push(centralHeader(entry, fields, entry.offset ?? offset));
		pieces.push(piece);
		offset += piece.byteLength;
	}
	const headers = Buffer.concat(directory);
	return Buffer.concat([...pieces, headers, endOf(end, entries.length, headers.byteLength, offset)]);
}

function fieldsOf(entry: HandMadeEntry): SharedFields & { readonly data: Uint8Array } {
	const content = bytesOf(entry.content ?? "");
	const method = entry.method ?? STORED;
	const data = entry.data ?? (method === DEFLATED ? deflateRawSync(content) : content);
	return {
		...{ flags: 0, crc32: crc32(content), extra: Buffer.alloc(0), date: 0x5d7a, time: 0, versionNeeded: 20 },
		...{ compressedSize: data.byteLength, uncompressedSize: content.byteLength },
		...entry,
		method,
		data,
	};
}

function shared(fields: SharedFields): Uint8Array[] {
	const { versionNeeded, flags, method, time, date, crc32: crc, compressedSize, uncompressedSize } = fields;
	const sizes = [u32(crc), u32(compressedSize), u32(uncompressedSize)];
	const lengths = [u16(bytesOf(fields.name).byteLength), u16(fields.extra.byteLength)];
	return [u16(versionNeeded), u16(flags), u16(method), u16(time), u16(date), ...sizes, ...lengths];
}

function localHeader(fields: SharedFields, signature = 0x0403_4b50): Buffer {
	return Buffer.concat([u32(signature), ...shared(fields), bytesOf(fields.name), fields.extra]);
}

function centralHeader(entry: HandMadeEntry, fields: SharedFields, offset: number): Buffer {
	const { versionMadeBy = 20, externalAttributes = 0, disk = 0 } = entry;
	const comment = bytesOf(entry.comment ?? "");
	return Buffer.concat([
		u32(0x0201_4b50),
		u16(versionMadeBy),
		...shared(fields),
		...[u16(comment.byteLength), u16(disk), u16(0), u32(externalAttributes), u32(offset)],
		...[bytesOf(fields.name), fields.extra, comment],
	]);
}

function endOf(end: HandMadeEnd, entryCount: number, directorySize: number, directoryOffset: number): Buffer {
	const comment = bytesOf(end.comment ?? "");
	const gap = end.gap ?? Buffer.alloc(0);
	const { zip64, commentLength = comment.byteLength } = end;
	const truth = { count: entryCount, size: directorySize, offset: directoryOffset };
	const { disk = 0, directoryDisk = 0, count = truth.count, countOnDisk = count } = end;
	const large =
		zip64 === undefined ? [] : zip64Records(zip64, truth, directoryOffset + directorySize + gap.byteLength);
	return Buffer.concat([
		gap,
		...large,
		...[u32(0x0605_4b50), u16(disk), u16(directoryDisk), u16(countOnDisk), u16(count)],
		...[u32(end.size ?? truth.size), u32(end.offset ?? truth.offset), u16(commentLength), comment],
	]);
}

function zip64Records(
	values: NonNullable<HandMadeEnd["zip64"]>,
	truth: { readonly count: number; readonly size: number; readonly offset: number },
	at: number,
): Buffer[] {
	const { disk = 0, directoryDisk = 0, count = truth.count, countOnDisk = count } = values;
	return [
		...[u32(0x0606_4b50), u64(values.recordSize ?? 44), u16(45), u16(45), u32(disk), u32(directoryDisk)],
		...[u64(countOnDisk), u64(count), u64(values.size ?? truth.size), u64(values.offset ?? truth.offset)],
		...[
			u32(0x0706_4b50),
			u32(values.locatorDisk ?? 0),
			u64(values.recordOffset ?? at),
			u32(values.diskCount ?? 1),
		],
	];
}

function bytesOf(value: string | Uint8Array): Uint8Array {
	return typeof value === "string" ? Buffer.from(value, "utf8") : value;
}
