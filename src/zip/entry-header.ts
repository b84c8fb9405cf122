import { InvalidOptionError } from "../errors.ts";
import { type Entry, type RawData, unixMode } from "./entry.ts";
import { displayName, isAscii, isNonAsciiUtf8, isUtf8 } from "./format/entry-name.ts";
import { mayExceed32Bits, U16_MAX, U32_MAX } from "./format/limits.ts";
import { centralDirectoryHeader, type EntryHeader, type EntryTotals, type Method } from "./format/records.ts";

/** What the headers of an entry tell, apart from its data. */
export interface DescribedEntry {
	readonly entry: Pick<Entry, "name" | "kind" | "comment">;
	readonly mtimeMs: number;
	readonly mode: number;
	/** Bytes that are read for it; `undefined` if only the end will tell. */
	readonly size: number | undefined;
	readonly raw?: RawData | undefined;
}

/**
 * The facts in the headers of an entry, as of its first block.
 *
 * @param whole - That block is all of it, so that CRC-32 and sizes are known. They always are of data that is copied as another
 *   archive has it.
 */
export function entryHeader(
	{ entry, mtimeMs, size, raw }: DescribedEntry,
	method: Method,
	whole: boolean,
): EntryHeader {
	return {
		name: entry.name,
		utf8: marksUtf8(entry.name, entry.comment ?? ""),
		method,
		mtimeMs,
		dataDescriptor: !whole && raw === undefined,
		zip64:
			raw === undefined
				? !whole && (size === undefined || mayExceed32Bits(size))
				: Math.max(raw.compressedSize, raw.uncompressedSize) >= U32_MAX,
	};
}

/**
 * The header of an entry in the central directory.
 *
 * @param offset - Of its local header, from the start of the archive.
 */
export function centralHeader(
	{ entry: { kind, comment }, mode }: DescribedEntry,
	header: EntryHeader,
	totals: EntryTotals,
	offset: number,
): Uint8Array {
	return centralDirectoryHeader(header, totals, {
		unixMode: unixMode(kind, mode),
		directory: kind === "directory",
		comment: comment === undefined ? NOTHING : Buffer.from(comment, "utf8"),
		offset,
	});
}

const NOTHING = new Uint8Array(0);

/** One flag speaks for name and comment (APPNOTE 4.4.4, bit 11). */
function marksUtf8(name: Uint8Array, comment: string): boolean {
	if (comment === "") return isNonAsciiUtf8(name);
	const commentBytes = Buffer.from(comment, "utf8");
	if (commentBytes.byteLength > U16_MAX) {
		throw new InvalidOptionError(
			`the comment of "${displayName(name)}" has ${commentBytes.byteLength} bytes; a ZIP holds at most 65,535`,
		);
	}
	if (isAscii(commentBytes)) return isNonAsciiUtf8(name);
	if (!isUtf8(name)) {
		throw new InvalidOptionError(
			`the comment of "${displayName(name)}" is not plain ASCII, and its name is not UTF-8: a ZIP cannot say both`,
		);
	}
	return true;
}
