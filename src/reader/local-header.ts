import { u16At, u32At } from "../bytes/little-endian.ts";
import { isAscii } from "../zip/format/entry-name.ts";
import { U32_MAX } from "../zip/format/limits.ts";
import { ArchiveError } from "./archive-error.ts";
import { nameObjection } from "./directory/entry-name.ts";
import {
	type LargeValues,
	mayHaveUnicodeName,
	readExtraFields,
	withLargeValues,
} from "./directory/extra-fields.ts";
import { readUnicodeName } from "./directory/unicode-name.ts";
import { type EntryFacts, FLAG } from "./entry.ts";

const SIGNATURE = 0x0403_4b50;
/** Bytes of a local file header without name and extra fields (APPNOTE 4.3.7). */
export const LOCAL_HEADER_LENGTH = 30;

/** Flags that say how the data is to be read. */
const READING_FLAGS = FLAG.encrypted | FLAG.patched | FLAG.strongEncryption | FLAG.maskedHeaders;

/** Bytes that a local header has beyond its name as a rule, if its extra fields are those of the central header and some more. */
const EXTRA_SLACK = 64;

/** What a local header has to tell that the directory does not. */
export interface LocalHeader {
	/** Bytes. */
	readonly length: number;
	/** Whether a data descriptor follows the data. */
	readonly hasDescriptor: boolean;
}

/** Where the data of an entry is expected to begin at the latest. A guess: only the local header says it. */
export function guessDataStart({ offset, rawName, extra }: EntryFacts): number {
	return offset + LOCAL_HEADER_LENGTH + rawName.byteLength + extra.byteLength + EXTRA_SLACK;
}

/**
 * Reads the local file header (APPNOTE 4.3.7) of an entry, and refuses one that says something else than the central directory:
 * a reader that goes by it would see another entry.
 *
 * @param bytes - Bytes of the archive in which the header begins at `at`.
 * @returns bytes from `at` to the data, and whether a data descriptor follows it; or how many bytes are needed, from `at`, to tell,
 * if `bytes` ends before.
 * @throws {ArchiveError} `INVALID_ARCHIVE`
 */
export function readLocalHeader(
	location: string,
	entry: EntryFacts,
	bytes: Uint8Array,
	at: number,
): LocalHeader | { readonly needed: number } {
	const there = bytes.byteLength - at;
	if (there < LOCAL_HEADER_LENGTH) return { needed: LOCAL_HEADER_LENGTH };
	if (u32At(bytes, at) !== SIGNATURE)
		throw invalidEntry(location, entry, "has no local header where the directory says");
	const nameLength = u16At(bytes, at + 26);
	const length = LOCAL_HEADER_LENGTH + nameLength + u16At(bytes, at + 28);
	if (there < length) return { needed: length };
	if (!saysTheSame(entry, bytes, at, nameLength, length)) {
		const reason = differenceOf(entry, bytes.subarray(at, at + length), nameLength);
		if (reason !== undefined) throw invalidEntry(location, entry, reason);
	}
	// The local header counts: it is what readers of streams go by.
	return { length, hasDescriptor: (u16At(bytes, at + 6) & FLAG.dataDescriptor) !== 0 };
}

/**
 * Whether a local header says word for word what the directory says, as most do. Makes nothing: there may be a million of them. What it
 * has doubts about need not be wrong.
 */
function saysTheSame(
	{ rawName, flags, method, crc32, compressedSize, uncompressedSize }: EntryFacts,
	bytes: Uint8Array,
	at: number,
	nameLength: number,
	length: number,
): boolean {
	if (nameLength !== rawName.byteLength || u16At(bytes, at + 6) !== flags || u16At(bytes, at + 8) !== method)
		return false;
	const nameStart = at + LOCAL_HEADER_LENGTH;
	for (let index = 0; index < nameLength; index += 1)
		if (bytes[nameStart + index] !== rawName[index]) return false;
	const later = (flags & FLAG.dataDescriptor) !== 0;
	const isAsKnown = (value: number, known: number) => value === known || (later && value === 0);
	const compressed = u32At(bytes, at + 18);
	const uncompressed = u32At(bytes, at + 22);
	return (
		compressed !== U32_MAX &&
		uncompressed !== U32_MAX &&
		isAsKnown(u32At(bytes, at + 14), crc32) &&
		isAsKnown(compressed, compressedSize) &&
		isAsKnown(uncompressed, uncompressedSize) &&
		!mayHaveUnicodeName(bytes, nameStart + nameLength, at + length)
	);
}

/** What a local header says otherwise, in words that go on behind the name of the entry. */
function differenceOf(entry: EntryFacts, header: Uint8Array, nameLength: number): string | undefined {
	const name = header.subarray(LOCAL_HEADER_LENGTH, LOCAL_HEADER_LENGTH + nameLength);
	const extra = header.subarray(LOCAL_HEADER_LENGTH + nameLength);
	if (Buffer.compare(name, entry.rawName) !== 0) return "has another name in its local header";
	const flags = u16At(header, 6);
	if (((flags ^ entry.flags) & READING_FLAGS) !== 0) return "has other flags in its local header";
	const otherEncoding = ((flags ^ entry.flags) & FLAG.utf8) !== 0 && !isAscii(name);
	if (otherEncoding || hasOtherUnicodeName(entry, flags, name, extra))
		return "has another name in its local header";
	if (u16At(header, 8) !== entry.method) return "has another compression method in its local header";
	const small = { uncompressedSize: u32At(header, 22), compressedSize: u32At(header, 18) };
	const stated = sizesOf(small, extra);
	if (typeof stated === "string") return `${stated}, in its local header`;
	const later = (flags & FLAG.dataDescriptor) !== 0;
	const differs = (value: number, known: number) => value !== known && !(later && value === 0);
	if (differs(stated.compressedSize, entry.compressedSize))
		return "has another compressed size in its local header";
	if (differs(stated.uncompressedSize, entry.uncompressedSize)) return "has another size in its local header";
	if (differs(u32At(header, 14), entry.crc32)) return "has another CRC-32 in its local header";
	return undefined;
}

/** Whether a program that goes by the local header would find another name in a Unicode path field. */
function hasOtherUnicodeName(
	{ name, extra: central }: EntryFacts,
	flags: number,
	rawName: Uint8Array,
	extra: Uint8Array,
): boolean {
	if (Buffer.compare(central, extra) === 0) return false;
	const fields = readExtraFields(extra);
	if (typeof fields === "string" || fields.unicodeName === undefined) return false;
	if (nameObjection(rawName, flags, fields.unicodeName) !== undefined) return true;
	const unicodeName = readUnicodeName(fields.unicodeName, rawName);
	return unicodeName !== undefined && slashed(Buffer.from(unicodeName).toString("utf8")) !== slashed(name);
}

/** Backslashes in the directory may have been read as slashes. */
function slashed(name: string): string {
	return name.replaceAll("\\", "/");
}

/** Padding and fields of other tools are common in local headers; only what stands for sizes has to be in order. */
function sizesOf(small: LargeValues, extra: Uint8Array): LargeValues | string {
	if (small.uncompressedSize !== U32_MAX && small.compressedSize !== U32_MAX) return small;
	const fields = readExtraFields(extra);
	return typeof fields === "string" ? fields : withLargeValues(small, fields.zip64);
}

function invalidEntry(location: string, { name, offset }: EntryFacts, reason: string): ArchiveError {
	return new ArchiveError("INVALID_ARCHIVE", reason, { location, entryName: name, offset });
}
