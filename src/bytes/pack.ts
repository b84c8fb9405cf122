import { FairSizes } from "./fair-sizes.ts";

/** Of the chunks of all downloads of the process. */
const sizes = new FairSizes();

/**
 * Copies chunks of any sizes into full ones, whose memory is the consumer's: that of the source may be used again as soon as more is asked
 * of it. They are smaller while many of them wait for their consumers.
 */
export async function* pack(
	source: AsyncIterable<Iterable<Uint8Array>>,
): AsyncGenerator<Uint8Array, void, void> {
	let size = sizes.take();
	let chunk = Buffer.allocUnsafeSlow(size);
	let filled = 0;
	try {
		for await (const batch of source) {
			for (const bytes of batch) {
				for (let copied = 0; copied < bytes.byteLength; ) {
					if (filled === size) {
						yield chunk;
						sizes.give(size);
						size = sizes.take();
						chunk = Buffer.allocUnsafeSlow(size);
						filled = 0;
					}
					const part = bytes.subarray(copied, copied + size - filled);
					chunk.set(part, filled);
					filled += part.byteLength;
					copied += part.byteLength;
				}
			}
		}
		if (filled > 0) yield chunk.subarray(0, filled);
	} finally {
		sizes.give(size);
	}
}
