import { demand, FieldReader } from "./field-reader.ts";
import { inspectData } from "./inspect-data.ts";
import { inspectEnd } from "./inspect-end.ts";
import {
	type CentralHeader,
	type LocalHeader,
	readCentralHeaders,
	readLocalHeader,
	type Zip64Value,
} from "./inspect-headers.ts";
import { inspectKind, isAscii, isNonAsciiUtf8, isUtf8, type Kind } from "./inspect-kind.ts";
import { inspectModified } from "./inspect-modified.ts";
import { type ArchiveBytes, inMemory } from "./sparse-bytes.ts";

export interface ArchiveSnapshot {
	/** Bytes. */
	readonly size: number;
	readonly comment: Buffer;
	/** Whether there is a ZIP64 end record. */
	readonly zip64End: boolean;
	readonly directoryOffset: number;
	readonly directorySize: number;
	readonly entries: readonly EntrySnapshot[];
}

export interface EntrySnapshot {
	readonly nameBytes: Buffer;
	/** The name, as UTF-8. */
	readonly name: string;
	readonly kind: Kind;
	/** Permission bits. */
	readonly mode: number;
	readonly method: "stored" | "deflated" | "zstd";
	/** Bit 11. */
	readonly utf8: boolean;
	/** Bit 3. */
	readonly descriptor: "none" | "4-byte sizes" | "8-byte sizes";
	/** Whether the local header has a ZIP64 extra field. */
	readonly localZip64: boolean;
	/** What the ZIP64 extra field of the central header holds. */
	readonly centralZip64: readonly Zip64Value[];
	readonly versionNeeded: number;
	/** The MS-DOS time, read as UTC. */
	readonly modified: Date;
	/** The extended timestamp. */
	readonly unixSeconds: number | undefined;
	readonly crc32: number;
	readonly compressedSize: number;
	readonly uncompressedSize: number;
	readonly offset: number;
	readonly comment: string;
	/** The uncompressed data; empty if data was skipped. */
	readonly content: Buffer;
}

export interface InspectOptions {
	/** `"skip"` leaves the data alone: for archives that are mostly zeros. */
	readonly data?: "check" | "skip";
	/** `"any"` takes a directory that lists entries in another order than that of their data. */
	readonly order?: "same" | "any";
}

const U32_MAX = 0xffff_ffff;
const FLAG_DESCRIPTOR = 1 << 3;
const FLAG_UTF8 = 1 << 11;

/**
 * Takes an archive apart and refuses whatever this writer must not write: a field where the two headers
 * of an entry disagree, a byte that belongs to no record, ZIP64 where nothing needs it, and so on.
 *
 * @throws {Error} for the first violation, with the entry and the field.
 */
export function inspectArchive(
	archive: Uint8Array | ArchiveBytes,
	{ data = "check", order = "same" }: InspectOptions = {},
): ArchiveSnapshot {
	const bytes = archive instanceof Uint8Array ? inMemory(archive) : archive;
	const end = inspectEnd(bytes);
	const headers = [...readCentralHeaders(bytes, end)];
	const entries = new Map<CentralHeader, EntrySnapshot>();
	const names = new Set<string>();
	let offset = 0;
	for (const central of order === "any" ? headers.toSorted((a, b) => a.offset - b.offset) : headers) {
		const where = JSON.stringify(central.name.toString("utf8"));
		const key = central.name.toString("latin1");
		demand(!names.has(key), `${where}: the name is there twice`);
		names.add(key);
		demand(central.offset === offset, `${where}: its local header is at ${central.offset}, not at ${offset}`);
		const local = readLocalHeader(bytes, offset);
		compareHeaders(local, central, where);
		const dataOffset = offset + local.length;
		const descriptorOffset = dataOffset + central.compressedSize;
		offset = descriptorOffset + inspectDescriptor(bytes, descriptorOffset, local, central, where);
		demand(offset <= end.directoryOffset, `${where}: overlaps the central directory`);
		const content = data === "skip" ? Buffer.alloc(0) : inspectData(bytes, dataOffset, central, where);
		entries.set(central, { ...snapshot(local, central, where), content });
	}
	demand(
		offset === end.directoryOffset,
		`${end.directoryOffset - offset} bytes before the central directory`,
	);
	return {
		size: bytes.size,
		comment: end.comment,
		zip64End: end.zip64,
		directoryOffset: end.directoryOffset,
		directorySize: end.directorySize,
		entries: headers.flatMap((header) => entries.get(header) ?? []),
	};
}

function compareHeaders(local: LocalHeader, central: CentralHeader, where: string): void {
	const same = (field: "flags" | "method" | "time" | "date") =>
		demand(local[field] === central[field], `${where}: the headers disagree on the field ${field}`);
	same("flags");
	same("method");
	same("time");
	same("date");
	demand(local.name.equals(central.name), `${where}: the headers disagree on the name`);
	demand(
		Buffer.compare(local.extra.timestamp ?? Buffer.of(), central.extra.timestamp ?? Buffer.of()) === 0,
		`${where}: the headers disagree on the extended timestamp`,
	);
	const localZip64 = local.extra.zip64 !== undefined;
	const usesZip64 = localZip64 || central.zip64.length > 0;
	const version = (zip64: boolean) => (local.method === 93 ? 63 : zip64 ? 45 : 20);
	demand(local.versionNeeded === version(localZip64), `${where}: version needed in the local header`);
	demand(central.versionNeeded === version(usesZip64), `${where}: version needed in the central header`);
	demand((local.flags & ~(FLAG_DESCRIPTOR | FLAG_UTF8)) === 0, `${where}: unknown flags`);
	if ((local.flags & FLAG_DESCRIPTOR) === 0) {
		demand(local.crc32 === central.crc32, `${where}: the headers disagree on the CRC-32`);
		if (local.extra.zip64 !== undefined) {
			compareLocalZip64(local.extra.zip64, local, central, where);
			return;
		}
		demand(local.compressedSize32 === central.compressedSize, `${where}: ... on the compressed size`);
		demand(local.uncompressedSize32 === central.uncompressedSize, `${where}: ... on the uncompressed size`);
		return;
	}
	const placeholder = localZip64 ? U32_MAX : 0;
	demand(local.crc32 === 0, `${where}: a CRC-32 in a header with bit 3`);
	demand(local.compressedSize32 === placeholder, `${where}: compressed size in a header with bit 3`);
	demand(local.uncompressedSize32 === placeholder, `${where}: uncompressed size in a header with bit 3`);
	const { zip64 } = local.extra;
	if (zip64 === undefined) return;
	demand(zip64.byteLength === 16, `${where}: the ZIP64 field of a local header needs both sizes`);
	demand(
		zip64.every((byte) => byte === 0),
		`${where}: sizes in the ZIP64 field of a header with bit 3`,
	);
}

/** Sizes that are known before the data, of which one needs ZIP64: then both are there. */
function compareLocalZip64(
	zip64: Uint8Array,
	local: LocalHeader,
	{ compressedSize, uncompressedSize }: CentralHeader,
	where: string,
): void {
	const isNeeded = Math.max(compressedSize, uncompressedSize) >= U32_MAX;
	demand(isNeeded, `${where}: ZIP64 in a local header that does not need it`);
	demand(zip64.byteLength === 16, `${where}: the ZIP64 field of a local header needs both sizes`);
	const sizes = [local.uncompressedSize32, local.compressedSize32];
	demand(
		sizes.every((size) => size === U32_MAX),
		`${where}: sizes beside a ZIP64 field`,
	);
	const field = Buffer.from(zip64);
	const stated = [Number(field.readBigUInt64LE(0)), Number(field.readBigUInt64LE(8))];
	demand(
		stated[0] === uncompressedSize && stated[1] === compressedSize,
		`${where}: the headers disagree on sizes in ZIP64`,
	);
}

/** @returns Length of the descriptor, bytes. */
function inspectDescriptor(
	bytes: ArchiveBytes,
	offset: number,
	local: LocalHeader,
	central: CentralHeader,
	where: string,
): number {
	if ((local.flags & FLAG_DESCRIPTOR) === 0) return 0;
	const wide = local.extra.zip64 !== undefined;
	const length = wide ? 24 : 16;
	const descriptor = new FieldReader(bytes.read(offset, length));
	demand(descriptor.u32() === 0x0807_4b50, `${where}: no data descriptor behind the data`);
	demand(descriptor.u32() === central.crc32, `${where}: CRC-32 of the data descriptor`);
	const size = () => (wide ? descriptor.u64() : descriptor.u32());
	demand(size() === central.compressedSize, `${where}: compressed size of the data descriptor`);
	demand(size() === central.uncompressedSize, `${where}: uncompressed size of the data descriptor`);
	return length;
}

function snapshot(local: LocalHeader, central: CentralHeader, where: string): Omit<EntrySnapshot, "content"> {
	const { kind, mode } = inspectKind(central, where);
	const utf8 = (central.flags & FLAG_UTF8) !== 0;
	const marked = isNonAsciiUtf8(central.name) || !isAscii(central.comment);
	demand(utf8 === marked, `${where}: the UTF-8 flag is ${utf8 ? "set" : "missing"}`);
	demand(!utf8 || (isUtf8(central.name) && isUtf8(central.comment)), `${where}: marked as UTF-8 and is not`);
	const descriptor = (central.flags & FLAG_DESCRIPTOR) !== 0;
	const localZip64 = local.extra.zip64 !== undefined;
	return {
		nameBytes: central.name,
		name: central.name.toString("utf8"),
		kind,
		mode,
		method: central.method === 0 ? "stored" : central.method === 93 ? "zstd" : "deflated",
		utf8,
		descriptor: !descriptor ? "none" : localZip64 ? "8-byte sizes" : "4-byte sizes",
		localZip64,
		centralZip64: central.zip64,
		versionNeeded: central.versionNeeded,
		...inspectModified(central, where),
		crc32: central.crc32,
		compressedSize: central.compressedSize,
		uncompressedSize: central.uncompressedSize,
		offset: central.offset,
		comment: central.comment.toString("utf8"),
	};
}
