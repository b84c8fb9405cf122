import { combineCrc32 } from "../../bytes/combine-crc32.ts";
import { crc32 as crc32Of } from "../../bytes/crc32.ts";
import type { ContentStart, StoredContent } from "../../sources/objects/stored/stored-content.ts";
import type { ObjectRange } from "../../storage/parts/object-range.ts";
import type { Entry } from "../../zip/entry.ts";
import { centralHeader, entryHeader } from "../../zip/entry-header.ts";
import { dataDescriptor, localFileHeader, NO_TOTALS, STORED } from "../../zip/format/records.ts";
import type { FinishedRun } from "../../zip/spans.ts";

/**
 * An object as a run of one entry: the header and the first bytes, what follows as a range, the last bytes if they are not to
 * be copied, and behind that the CRC-32. These are the bytes
 * that an object has in the archive as well if it is carried there through here.
 */
export function objectRun(
	entry: Entry,
	{ address, etag, size }: StoredContent,
	{ bytes: start, mtimeMs, crc32 }: ContentStart,
	end: Uint8Array,
): FinishedRun<ObjectRange> {
	const described = { entry, mtimeMs, mode: entry.mode, size };
	const header = entryHeader(described, STORED, false);
	const totals = { crc32, compressedSize: size, uncompressedSize: size };
	const localHeader = localFileHeader(header, NO_TOTALS);
	const descriptor = dataDescriptor(header, totals);
	const offset = start.byteLength;
	const byteLength = size - offset - end.byteLength;
	const range = {
		source: address,
		etag,
		offset,
		byteLength,
		crc32: crcBetween(start, byteLength, end, crc32),
	};
	const { name, kind, origin, position } = entry;
	return {
		spans: [localHeader, start, range, end, descriptor],
		byteLength: localHeader.byteLength + size + descriptor.byteLength,
		heldSize: start.byteLength + end.byteLength,
		directory: { entryCount: 1, pages: [centralHeader(described, header, totals, 0)] },
		originOf: () => origin,
		positionOf: () => position,
		read: { lastEntry: { name, kind }, size },
	};
}

/** The period of the powers of x modulo the polynomial of CRC-32: so many bytes of zeros behind others change no CRC-32. */
const PERIOD = 0xffff_ffff;

/** The CRC-32 of the bytes between others, from that of all: what is left of it without theirs. */
function crcBetween(start: Uint8Array, size: number, end: Uint8Array, whole: number): number {
	const before = combineCrc32([
		{ crc32: (whole ^ crc32Of(end)) >>> 0, size: 0 },
		zeros(PERIOD - end.byteLength),
	]);
	const ofStart = { crc32: crc32Of(start), size: start.byteLength };
	return (before ^ combineCrc32([ofStart, zeros(size)])) >>> 0;
}

function zeros(size: number): { readonly crc32: 0; readonly size: number } {
	return { crc32: 0, size };
}
