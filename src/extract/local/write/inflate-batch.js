// Plain JavaScript, as threads use it that are started from the sources as well as from the built package.
import { gunzipSync } from "node:zlib";

const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** The beginning of a header, as far as it is always the same. */
const MAGIC = HEADER.subarray(0, 3);
const TRAILER_SIZE = 8;

/** Bytes that come out of one call at most; memory for more costs what the call saves. */
const MOST_OUTPUT = 1024 * 1024;

/** Used again and again. */
let memory = Buffer.alloc(0);

/**
 * @typedef {object} Deflated
 * @property {number} compressedSize
 * @property {number} uncompressedSize
 * @property {number} method
 * @property {number} crc32
 */

/**
 * Inflates many small contents with one call, and checks sizes and CRC-32 of each: as one gzip file of many members (RFC 1952), which
 * zlib reads and checks member by member. A call of its own takes as long as inflating 5 KB.
 *
 * @param {Uint8Array} data Of all files, one after the other; those that are not deflated are passed over.
 * @param {readonly Deflated[]} files
 * @returns {Uint8Array | undefined} The contents of those that are deflated, one after the other; `undefined` if one of them is not as it should be,
 * or if this is not the way to read them.
 */
export function inflateBatch(data, files) {
	let inputSize = 0;
	let outputSize = 0;
	for (const { method, compressedSize, uncompressedSize } of files) {
		if (method !== 8) continue;
		inputSize += HEADER.byteLength + compressedSize + TRAILER_SIZE;
		outputSize += uncompressedSize;
	}
	if (outputSize > MOST_OUTPUT) return undefined;
	// What looks like a member within the data of an entry would be taken for one.
	if (inputSize === 0 || Buffer.from(data.buffer, data.byteOffset, data.byteLength).includes(MAGIC))
		return undefined;
	try {
		const output = gunzipSync(membersOf(data, files, inputSize), {
			chunkSize: outputSize + 64,
			maxOutputLength: outputSize + 1,
		});
		return output.byteLength === outputSize ? output : undefined;
	} catch {
		return undefined;
	}
}

/**
 * @param {Uint8Array} data
 * @param {readonly Deflated[]} files
 * @param {number} size
 */
function membersOf(data, files, size) {
	if (memory.byteLength < size) memory = Buffer.allocUnsafeSlow(2 * size);
	const input = memory.subarray(0, size);
	let start = 0;
	let at = 0;
	for (const { method, compressedSize, uncompressedSize, crc32 } of files) {
		if (method === 8) {
			input.set(HEADER, at);
			input.set(data.subarray(start, start + compressedSize), at + HEADER.byteLength);
			at += HEADER.byteLength + compressedSize;
			input.writeUInt32LE(crc32, at);
			input.writeUInt32LE(uncompressedSize, at + 4);
			at += TRAILER_SIZE;
		}
		start += compressedSize;
	}
	return input;
}
