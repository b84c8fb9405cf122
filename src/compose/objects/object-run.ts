import { combineCrc32 } from "../../bytes/combine-crc32.ts";
import { crc32 as crc32Of } from "../../bytes/crc32.ts";
import type { MeasurableEntry } from "../../sources/entry-source.ts";
import type { ContentStart, StoredContent } from "../../sources/objects/stored/stored-content.ts";
import type { ObjectRange } from "../../storage/parts/object-range.ts";
import { centralHeader, entryHeader } from "../../zip/entry-header.ts";
import { dataDescriptor, localFileHeader, NO_TOTALS, STORED } from "../../zip/format/records.ts";
import type { FinishedRun } from "../../zip/spans.ts";

/**
 * An object as a run of one entry: the header and the first bytes, the rest as a range, and behind that the CRC-32. These are the bytes
 * that an object has in the archive as well if it is carried there through here.
 */
export function objectRun(
	entry: MeasurableEntry,
	{ address, etag, size }: StoredContent,
	{ bytes: start, mtimeMs, crc32 }: ContentStart,
): FinishedRun<ObjectRange> {
	const described = { entry, mtimeMs, mode: entry.mode, size };
	const header = entryHeader(described, STORED, false);
	const totals = { crc32, compressedSize: size, uncompressedSize: size };
	const localHeader = localFileHeader(header, NO_TOTALS);
	const descriptor = dataDescriptor(header, totals);
	const offset = start.byteLength;
	const byteLength = size - offset;
	const range = { source: address, etag, offset, byteLength, crc32: crcBehind(start, byteLength, crc32) };
	const { name, kind, origin, position } = entry;
	return {
		spans: [localHeader, start, range, descriptor],
		byteLength: localHeader.byteLength + size + descriptor.byteLength,
		heldSize: start.byteLength,
		directory: { entryCount: 1, pages: [centralHeader(described, header, totals, 0)] },
		originOf: () => origin,
		positionOf: () => position,
		read: { lastEntry: { name, kind }, size },
	};
}

/** The CRC-32 of the bytes behind others, from that of all: what is left of it without theirs. */
function crcBehind(start: Uint8Array, size: number, whole: number): number {
	const ofStart = { crc32: crc32Of(start), size: start.byteLength };
	return (whole ^ combineCrc32([ofStart, { crc32: 0, size }])) >>> 0;
}
