import { u16At, u32At } from "../../bytes/little-endian.ts";
import type { EntryFacts, EntryKind } from "../entry.ts";
import { decodeText, isUnix, nameObjection, readEntryName } from "./entry-name.ts";
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
const NOTHING = new Uint8Array();

/** Bytes of the whole header that begins at `at`, of which the first {@link HEADER_LENGTH} are there. */
export function headerLengthAt(bytes: Uint8Array, at: number): number {
	return HEADER_LENGTH + u16At(bytes, at + 28) + u16At(bytes, at + 30) + u16At(bytes, at + 32);
}

/**
 * Reads the central directory header (APPNOTE 4.3.12) that begins at `at`.
 *
 * @param bytes - All of the header is in them. The result keeps them.
 * @returns the reason why it cannot be read, if it cannot, in words that go on behind the name of the entry.
 */
export function readHeader(
	bytes: Uint8Array,
	at: number,
	index: number,
): EntryFacts | { name: string; reason: string } {
	const versionMadeBy = u16At(bytes, at + 4);
	const flags = u16At(bytes, at + 8);
	const nameEnd = at + HEADER_LENGTH + u16At(bytes, at + 28);
	const extraEnd = nameEnd + u16At(bytes, at + 30);
	const commentEnd = extraEnd + u16At(bytes, at + 32);
	const rawName = bytes.subarray(at + HEADER_LENGTH, nameEnd);
	const extra = extraEnd === nameEnd ? NOTHING : bytes.subarray(nameEnd, extraEnd);
	const fields = readExtraFields(extra);
	const system = versionMadeBy >> 8;
	if (typeof fields === "string") {
		return { name: readEntryName(rawName, flags, system, undefined).name, reason: fields };
	}
	const { name, pathBytes } = readEntryName(rawName, flags, system, fields.unicodeName);
	const objection = nameObjection(rawName, flags, fields.unicodeName);
	if (objection !== undefined) return { name, reason: objection };
	const small = {
		uncompressedSize: u32At(bytes, at + 24),
		compressedSize: u32At(bytes, at + 20),
		offset: u32At(bytes, at + 42),
	};
	const sizes = withLargeValues(small, fields.zip64);
	if (typeof sizes === "string") return { name, reason: sizes };
	if (u16At(bytes, at + 34) !== 0)
		return { name, reason: "is said to be in another part of an archive of several" };
	const externalAttributes = u32At(bytes, at + 38);
	const unixMode = isUnix(system) ? externalAttributes >>> 16 : 0;
	const { mtime, mtimeSource } = readEntryTime(u16At(bytes, at + 14), u16At(bytes, at + 12), fields);
	return {
		index,
		name,
		rawName,
		pathBytes,
		kind: kindOf(pathBytes, unixMode, externalAttributes),
		uncompressedSize: sizes.uncompressedSize,
		compressedSize: sizes.compressedSize,
		offset: sizes.offset,
		method: u16At(bytes, at + 10),
		crc32: u32At(bytes, at + 16),
		mtime,
		mtimeSource,
		mode: unixMode === 0 ? undefined : unixMode & 0o7777,
		comment: commentEnd === extraEnd ? "" : decodeText(bytes.subarray(extraEnd, commentEnd)),
		encrypted: (flags & 1) !== 0,
		flags,
		versionMadeBy,
		versionNeeded: u16At(bytes, at + 6),
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
