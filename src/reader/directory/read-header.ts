import type { EntryFacts, EntryKind } from "../entry.ts";
import { decodeText, isUnix, readEntryName } from "./entry-name.ts";
import { readEntryTime } from "./entry-time.ts";
import { readExtraFields, withLargeValues } from "./extra-fields.ts";

/** Bytes of a central directory header without name, extra fields and comment (APPNOTE 4.3.12). */
export const HEADER_LENGTH = 46;
export const HEADER_SIGNATURE = 0x0201_4b50;

/** File types in a Unix mode. */
const TYPE = 0o170000;
const KINDS: ReadonlyMap<number, EntryKind> = new Map([
	[0o100000, "file"],
	[0o040000, "directory"],
	[0o120000, "symlink"],
]);
const DOS_DIRECTORY = 0x10;
const SLASH = 0x2f;

/** Bytes of the whole header that begins at `at`, of which the first {@link HEADER_LENGTH} are there. */
export function headerLengthAt(view: DataView, at: number): number {
	const name = view.getUint16(at + 28, true);
	return HEADER_LENGTH + name + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
}

/**
 * Reads a central directory header (APPNOTE 4.3.12).
 *
 * @param header - Its bytes, which the result keeps.
 * @returns the reason why it cannot be read, if it cannot, in words that go on behind the name of the entry.
 */
export function readHeader(header: Uint8Array, index: number): EntryFacts | { name: string; reason: string } {
	const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
	const u16 = (at: number) => view.getUint16(at, true);
	const u32 = (at: number) => view.getUint32(at, true);
	const versionMadeBy = u16(4);
	const flags = u16(8);
	const nameEnd = HEADER_LENGTH + u16(28);
	const extraEnd = nameEnd + u16(30);
	const rawName = header.subarray(HEADER_LENGTH, nameEnd);
	const extra = header.subarray(nameEnd, extraEnd);
	const fields = readExtraFields(extra);
	const system = versionMadeBy >> 8;
	if (typeof fields === "string") {
		return { name: readEntryName(rawName, flags, system, undefined).name, reason: fields };
	}
	const { name, pathBytes } = readEntryName(rawName, flags, system, fields.unicodeName);
	const small = { uncompressedSize: u32(24), compressedSize: u32(20), offset: u32(42) };
	const sizes = withLargeValues(small, fields.zip64);
	if (typeof sizes === "string") return { name, reason: sizes };
	if (u16(34) !== 0) return { name, reason: "is said to be in another part of an archive of several" };
	const externalAttributes = u32(38);
	const unixMode = isUnix(system) ? externalAttributes >>> 16 : 0;
	return {
		index,
		name,
		rawName,
		pathBytes,
		kind: kindOf(pathBytes, unixMode, externalAttributes),
		...sizes,
		method: u16(10),
		crc32: u32(16),
		...readEntryTime(u16(14), u16(12), fields),
		mode: unixMode === 0 ? undefined : unixMode & 0o7777,
		comment: decodeText(header.subarray(extraEnd)),
		encrypted: (flags & 1) !== 0,
		flags,
		versionMadeBy,
		versionNeeded: u16(6),
		externalAttributes,
		zip64: fields.zip64 !== undefined,
		extra,
	};
}

/** A name that ends in a slash is a directory everywhere. */
function kindOf(path: Uint8Array, unixMode: number, attributes: number): EntryKind {
	if (path[path.byteLength - 1] === SLASH) return "directory";
	const type = unixMode & TYPE;
	if (type !== 0) return KINDS.get(type) ?? "other";
	return (attributes & DOS_DIRECTORY) !== 0 ? "directory" : "file";
}
