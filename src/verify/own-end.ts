import type { ArchiveReader } from "../reader/archive-reader.ts";
import { endOfCentralDirectory } from "../zip/format/records.ts";
import type { ArchiveFinding } from "./finding.ts";

/**
 * What is wrong with the end records of an archive of zipferry's, which are known byte by byte.
 *
 * @param tail - The last bytes of the archive.
 */
export function endFinding({ end, source }: ArchiveReader, tail: Uint8Array): ArchiveFinding | undefined {
	const { entryCount, directoryStart: offset, directoryEnd, comment } = end;
	const expected = endOfCentralDirectory({ entryCount, offset, size: directoryEnd - offset }, comment);
	const found = tail.subarray(tail.byteLength - (source.size - directoryEnd));
	if (Buffer.compare(expected, found) === 0) return undefined;
	const message = "has end records with other fields than zipferry writes";
	return { structure: "end-records", entryName: undefined, offset: directoryEnd, message };
}
