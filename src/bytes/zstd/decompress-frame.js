// Plain JavaScript, as threads use it that are started from the sources as well as from the built package.
import { ZstdFrameEnd } from "./frame-end.js";
import { requireZstd } from "./node-zstd.js";

const MOST_AT_ONCE = 1024 * 1024;

/**
 * Decompresses one Zstandard frame at once.
 *
 * @param {Uint8Array} data
 * @param {number} size Bytes that come out; it throws if there are more.
 * @returns What came out, and how many bytes of the data the frame has.
 */
export function decompressFrame(data, size) {
	const end = new ZstdFrameEnd();
	const used = end.pass(data);
	if (used === undefined || !end.reached) throw new Error("no complete Zstandard frame");
	const chunkSize = Math.min(Math.max(64, size + 64), MOST_AT_ONCE); // room for all that comes out, and no more
	const options = { chunkSize, maxOutputLength: Math.max(1, size) };
	return { output: requireZstd().zstdDecompressSync(data.subarray(0, used), options), used };
}
