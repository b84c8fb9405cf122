import { once } from "node:events";
import { PassThrough } from "node:stream";
import { MiB } from "../../bytes/units.ts";
import { decompress } from "../../reader/decompress.ts";
import type { EntryFacts } from "../../reader/entry.ts";
import { STORED } from "../../zip/format/records.ts";

/** Compressed bytes that decompressing may be behind. */
const BEHIND = MiB;

/**
 * Passes the compressed data of an entry on, while it is decompressed beside that, in another thread, to check its size and CRC-32:
 * it ends without an error only if they are right.
 *
 * @param data - All its bytes in the archive.
 * @throws {ArchiveError} `ENTRY_CORRUPT`; errors of `data` pass as they are.
 */
export async function* checkedData(
	location: string,
	entry: EntryFacts,
	data: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
	if (entry.method === STORED) {
		yield* decompress(location, entry, data); // the same bytes
		return;
	}
	const copy = new PassThrough({ highWaterMark: BEHIND });
	const checking = drain(decompress(location, entry, copy as AsyncIterable<Uint8Array>));
	checking.catch(() => {}); // told below
	try {
		for await (const chunk of data) {
			if (!copy.write(chunk)) await Promise.race([once(copy, "drain"), checking]);
			yield chunk;
		}
		copy.end();
		await checking;
	} finally {
		copy.destroy();
	}
}

/** Reads all there is, for the checks on the way. */
export async function drain(chunks: AsyncIterable<Uint8Array>): Promise<void> {
	for await (const _ of chunks) {
		// nobody wants them
	}
}
