import { ArchiveReader } from "../../src/reader/archive-reader.ts";
import type { EntryFacts } from "../../src/reader/entry.ts";
import { memorySource } from "../../src/reader/ranged/memory-source.ts";
import type { RangedSource } from "../../src/reader/ranged/ranged-source.ts";

interface Asked {
	readonly start: number;
	readonly end: number;
}

/** An archive in memory, and which ranges of it were read. */
export interface WatchedArchive {
	readonly reader: ArchiveReader;
	readonly asked: Asked[];
	/** Reads that have begun and not ended. */
	readonly open: Set<Asked>;
}

export function watchedArchive(bytes: Uint8Array, chunkSize: number = bytes.byteLength): WatchedArchive {
	const { source, tail } = memorySource("a.zip", bytes, { type: "s3", etag: "e", versionId: undefined });
	const asked: Asked[] = [];
	const open = new Set<Asked>();
	const watched: RangedSource = {
		...source,
		async *read(start, end, signal) {
			const range = { start, end };
			asked.push(range);
			open.add(range);
			try {
				for (let at = start; at < end; at += chunkSize) {
					await new Promise(setImmediate);
					signal?.throwIfAborted();
					yield bytes.subarray(at, Math.min(at + chunkSize, end));
				}
			} finally {
				open.delete(range);
			}
		},
	};
	return { reader: new ArchiveReader({ source: watched, tail }), asked, open };
}

export async function entriesOf(reader: ArchiveReader): Promise<EntryFacts[]> {
	const entries: EntryFacts[] = [];
	for await (const batch of reader.entries()) entries.push(...batch);
	return entries;
}

export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
	const pieces: Uint8Array[] = [];
	for await (const chunk of chunks) pieces.push(chunk);
	return Buffer.concat(pieces);
}
