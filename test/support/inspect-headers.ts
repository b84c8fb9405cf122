import { demand, FieldReader } from "./field-reader.ts";
import type { ArchiveBytes } from "./sparse-bytes.ts";

const U32_MAX = 0xffff_ffff;
const LOCAL_LENGTH = 30;
const CENTRAL_LENGTH = 46;
const MADE_BY_UNIX_63 = 0x033f;

/** The fields that both headers of an entry have. */
interface SharedFields {
	readonly versionNeeded: number;
	readonly flags: number;
	readonly method: number;
	readonly time: number;
	readonly date: number;
	readonly crc32: number;
	/** As the 32-bit field has it. */
	readonly compressedSize32: number;
	readonly uncompressedSize32: number;
	readonly name: Buffer;
	readonly extra: ExtraFields;
}

/** A local file header (APPNOTE 4.3.7). */
export interface LocalHeader extends SharedFields {
	/** Length of the record, bytes. */
	readonly length: number;
}

export type Zip64Value = "uncompressedSize" | "compressedSize" | "offset";

/** A central directory header (APPNOTE 4.3.12), with the values that ZIP64 holds filled in. */
export interface CentralHeader extends SharedFields {
	readonly compressedSize: number;
	readonly uncompressedSize: number;
	readonly offset: number;
	/** Values that are in the ZIP64 extra field. */
	readonly zip64: readonly Zip64Value[];
	readonly externalAttributes: number;
	readonly comment: Buffer;
}

/** Extra fields (APPNOTE 4.5); only these two may be there, in this order. */
interface ExtraFields {
	readonly zip64: Uint8Array | undefined;
	/** Data of the extended timestamp, 0x5455. */
	readonly timestamp: Uint8Array | undefined;
}

export function readLocalHeader(bytes: ArchiveBytes, offset: number): LocalHeader {
	const fixed = new FieldReader(bytes.read(offset, LOCAL_LENGTH));
	demand(fixed.u32() === 0x0403_4b50, `no local file header at ${offset}`);
	const shared = sharedFields(fixed);
	const nameLength = fixed.u16();
	const extraLength = fixed.u16();
	const rest = new FieldReader(bytes.read(offset + LOCAL_LENGTH, nameLength + extraLength));
	const name = Buffer.from(rest.raw(nameLength));
	const extra = extraFields(rest.raw(extraLength), `local file header at ${offset}`);
	return { ...shared, name, extra, length: LOCAL_LENGTH + nameLength + extraLength };
}

/** All central headers, which have to fill the directory exactly. */
export function* readCentralHeaders(
	bytes: ArchiveBytes,
	directory: {
		readonly directoryOffset: number;
		readonly directorySize: number;
		readonly entryCount: number;
	},
): Generator<CentralHeader, void, void> {
	const reader = new FieldReader(bytes.read(directory.directoryOffset, directory.directorySize));
	for (let index = 0; index < directory.entryCount; index++) {
		demand(reader.left >= CENTRAL_LENGTH, `central header ${index}: the directory ends before it`);
		yield readCentralHeader(reader, `central header ${index}`);
	}
	demand(reader.left === 0, `${reader.left} bytes behind the last central header`);
}

function readCentralHeader(reader: FieldReader, where: string): CentralHeader {
	demand(reader.u32() === 0x0201_4b50, `${where}: wrong signature`);
	demand(reader.u16() === MADE_BY_UNIX_63, `${where}: version made by is not Unix 6.3`);
	const shared = sharedFields(reader);
	const nameLength = reader.u16();
	const extraLength = reader.u16();
	const commentLength = reader.u16();
	demand(reader.u16() === 0, `${where}: disk number is not 0`);
	demand(reader.u16() === 0, `${where}: internal attributes are not 0`);
	const externalAttributes = reader.u32();
	const offset32 = reader.u32();
	const name = Buffer.from(reader.raw(nameLength));
	const extra = extraFields(reader.raw(extraLength), where);
	const comment = Buffer.from(reader.raw(commentLength));

	const placeholders: [Zip64Value, number][] = [
		["uncompressedSize", shared.uncompressedSize32],
		["compressedSize", shared.compressedSize32],
		["offset", offset32],
	];
	const zip64: Zip64Value[] = [];
	const values = { uncompressedSize: 0, compressedSize: 0, offset: 0 };
	const wide = extra.zip64 === undefined ? undefined : new FieldReader(extra.zip64);
	for (const [value, field] of placeholders) {
		values[value] = field;
		if (field !== U32_MAX) continue;
		demand(wide !== undefined && wide.left >= 8, `${where}: ${value} is 0xFFFFFFFF and not in ZIP64`);
		values[value] = wide.u64();
		demand(values[value] >= U32_MAX, `${where}: ${value} is in ZIP64 and does not need it`);
		zip64.push(value);
	}
	demand(wide === undefined || zip64.length > 0, `${where}: a ZIP64 field that nothing refers to`);
	demand(wide === undefined || wide.left === 0, `${where}: ZIP64 holds more than the 0xFFFFFFFF fields`);
	return { ...shared, ...values, name, extra, zip64, externalAttributes, comment };
}

function sharedFields(reader: FieldReader): Omit<SharedFields, "name" | "extra"> {
	return {
		versionNeeded: reader.u16(),
		flags: reader.u16(),
		method: reader.u16(),
		time: reader.u16(),
		date: reader.u16(),
		crc32: reader.u32(),
		compressedSize32: reader.u32(),
		uncompressedSize32: reader.u32(),
	};
}

function extraFields(bytes: Uint8Array, where: string): ExtraFields {
	const found = new Map<number, Uint8Array>();
	const order: number[] = [];
	const reader = new FieldReader(bytes);
	while (reader.left > 0) {
		demand(reader.left >= 4, `${where}: the extra fields end inside a header`);
		const id = reader.u16();
		const data = reader.raw(reader.u16());
		demand(id === 0x0001 || id === 0x5455, `${where}: unknown extra field 0x${id.toString(16)}`);
		found.set(id, data);
		order.push(id);
	}
	demand(
		order.every((id, index) => index === 0 || (order[index - 1] ?? 0) < id),
		`${where}: extra fields twice or out of order`,
	);
	return { zip64: found.get(0x0001), timestamp: found.get(0x5455) };
}
