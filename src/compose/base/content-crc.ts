import { crc32 } from "../../bytes/crc32.ts";
import { KiB } from "../../bytes/units.ts";
import type { Entry } from "../../zip/entry.ts";

const READ_SIZE = 256 * KiB;

/** CRC-32 of the content of an entry, and its size in bytes, as it is now. */
export async function contentOfEntry(
	entry: Pick<Entry, "open">,
	signal: AbortSignal,
): Promise<{ readonly crc32: number; readonly size: number }> {
	const reader = await entry.open(signal);
	try {
		const memory = Buffer.allocUnsafeSlow(Math.min(READ_SIZE, (reader.size ?? READ_SIZE) + 1));
		let crc = 0;
		let size = 0;
		for (;;) {
			signal.throwIfAborted();
			const count = await reader.read(memory);
			if (count === 0) return { crc32: crc, size };
			crc = crc32(memory.subarray(0, count), crc);
			size += count;
		}
	} finally {
		await reader.close();
	}
}
