// Plain JavaScript, so that threads can use it that are started from the sources as well as from the built package.
import { requireZstd } from "../../../bytes/zstd/node-zstd.js";

/**
 * Compresses all of an entry to one frame, which says how many bytes it holds. It has no checksum of its own: the archive has a CRC-32.
 *
 * @param {Uint8Array} bytes Not empty, up to a few MiB.
 * @param {number} level
 */
export function zstdWhole(bytes, level) {
	return requireZstd().zstdCompressSync(bytes, wholeOptions(bytes, level));
}

/**
 * The same frame as {@link zstdWhole} makes, in libuv's threads. Node's own function for that gives the encoder the content first and
 * tells it afterwards that this was all, which makes other bytes.
 *
 * @param {Uint8Array} bytes
 * @param {number} level
 * @returns {Promise<Uint8Array>}
 */
export function zstdWholeElsewhere(bytes, level) {
	const { createZstdCompress, constants } = requireZstd();
	const options = wholeOptions(bytes, level);
	// The stream keeps the whole result, and waits for nobody to take it.
	const highWaterMark = 2 * options.chunkSize;
	const stream = createZstdCompress({ ...options, flush: constants.ZSTD_e_end, highWaterMark });
	return new Promise((resolve, reject) => {
		stream.on("error", reject);
		stream.write(bytes, (error) => {
			if (error) return; // told above
			resolve(stream.read());
			stream.destroy();
		});
	});
}

/**
 * With the size, the encoder sets up memory for that much only.
 *
 * @param {Uint8Array} bytes
 * @param {number} level
 */
function wholeOptions({ byteLength }, level) {
	const { constants } = requireZstd();
	return {
		params: { [constants.ZSTD_c_compressionLevel]: level },
		pledgedSrcSize: byteLength,
		chunkSize: Math.max(64, byteLength + (byteLength >> 8) + 64), // one piece: no second pass to join them
	};
}
