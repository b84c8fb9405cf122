import { ArchiveReader } from "../../../src/reader/archive-reader.ts";
import type { RangedSource } from "../../../src/reader/ranged/ranged-source.ts";
import { dataDescriptorLength, localFileHeaderLength } from "../../../src/zip/format/record-lengths.ts";
import {
	centralDirectoryHeader,
	type EntryHeader,
	type EntryTotals,
	endOfCentralDirectory,
} from "../../../src/zip/format/records.ts";

export interface VirtualEntry extends EntryHeader, Omit<EntryTotals, "crc32"> {
	readonly comment?: string;
}

/** The central header of an entry at a place. */
export function headerAt(entry: VirtualEntry, offset: number): Buffer {
	const comment = Buffer.from(entry.comment ?? "");
	const details = { unixMode: 0o100644, directory: false, comment, offset };
	return Buffer.from(centralDirectoryHeader(entry, { ...entry, crc32: 0x1234_5678 }, details));
}

export function lengthOf(entry: VirtualEntry): number {
	const descriptor = entry.dataDescriptor ? dataDescriptorLength(entry.zip64) : 0;
	return localFileHeaderLength(entry.name.byteLength, entry) + entry.compressedSize + descriptor;
}

export interface VirtualArchive {
	readonly reader: ArchiveReader;
	/** Where each entry begins, in the order of the data. */
	readonly starts: readonly number[];
}

/**
 * The directory of an archive that may have any size, as nothing else of it is there.
 *
 * @param entries - In the order of their data.
 * @param order - Of the directory, by their numbers.
 * @param gap - Bytes behind the first entry that belong to none.
 */
export function virtualArchive(
	entries: readonly VirtualEntry[],
	order: readonly number[] = entries.map((_, index) => index),
	gap = 0,
): VirtualArchive {
	const starts = [0];
	for (const [index, entry] of entries.entries())
		starts.push((starts[index] ?? 0) + lengthOf(entry) + (index === 0 ? gap : 0));
	const headers = order.flatMap((index) => {
		const entry = entries[index];
		return entry === undefined ? [] : [headerAt(entry, starts[index] ?? 0)];
	});
	const directory = Buffer.concat(headers);
	const offset = starts.at(-1) ?? 0;
	const totals = { entryCount: order.length, size: directory.byteLength, offset };
	const tail = Buffer.concat([directory, endOfCentralDirectory(totals, Buffer.of())]);
	const source: RangedSource = {
		location: "virtual.zip",
		size: offset + tail.byteLength,
		identity: { type: "s3", etag: "etag", versionId: undefined },
		read: () => {
			throw new Error("nothing but the directory is there");
		},
		storedHashes: async () => undefined,
		close: async () => {},
	};
	return { reader: new ArchiveReader({ source, tail }), starts };
}
