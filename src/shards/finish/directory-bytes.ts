import { MergedDirectory } from "../../zip/directory/merged-directory.ts";
import type { StoredSlice } from "../helper-objects.ts";

/** What there is to say about the archive as a whole. */
export interface ArchiveEnd {
	readonly entryCount: number;
	readonly zip64: boolean;
}

/** The bytes of a slice, its directory and its tail, once. */
export type SliceReader = (slice: StoredSlice) => AsyncIterable<Uint8Array>;

/**
 * All that stands behind the parts of the shards: the tail of the last one, the central directory, and the end records. It is read
 * slice by slice and none of it is kept, so it may have any size.
 *
 * @param slices - Of all shards, in their order.
 */
export async function* directoryBytes(
	slices: readonly StoredSlice[],
	read: SliceReader,
	comment: Uint8Array,
): AsyncGenerator<Uint8Array, ArchiveEnd, void> {
	const last = slices.at(-1);
	if (last !== undefined && last.tailSize > 0)
		yield* section(read(last), last.directorySize, last.directorySize + last.tailSize);
	const directory = new MergedDirectory();
	let start = 0;
	for (const slice of slices) {
		yield* directory.append(section(read(slice), 0, slice.directorySize), start);
		start += slice.size;
	}
	yield directory.end(start, comment);
	const { entryCount, zip64 } = directory;
	return { entryCount, zip64 };
}

/** The bytes of a stream from `start` to `end`, exclusive. The others are read as well: only behind the last is it known to be whole. */
async function* section(
	chunks: AsyncIterable<Uint8Array>,
	start: number,
	end: number,
): AsyncGenerator<Uint8Array, void, void> {
	let offset = 0;
	for await (const chunk of chunks) {
		const from = Math.max(start - offset, 0);
		const to = Math.min(end - offset, chunk.byteLength);
		if (from < to) yield chunk.subarray(from, to);
		offset += chunk.byteLength;
	}
}
