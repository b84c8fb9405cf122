import { createDeflateRaw, deflateRaw, type ZlibOptions } from "node:zlib";
import { ReusableDeflate } from "./reusable-deflate.ts";
import { storedBlocksSize } from "./stored-blocks.ts";

/** What is inside of a stream of zlib. */
interface Inside {
	_outBuffer: unknown;
	/** Bytes of it. */
	_chunkSize: unknown;
}

/** The least that a stream takes; replaced before anything is written to it. */
const LEAST_CHUNK_SIZE = 64;

/** Bytes of memory that certainly suffice for what becomes of so many: one piece, and no second pass to join several. */
export function roomToDeflate(size: number): number {
	return storedBlocksSize(size) + 64;
}

/**
 * Deflates in libuv's pool, into memory that is there: of new memory for each block, a mebibyte at a time, most would wait for the
 * garbage collector.
 *
 * @param output - Of {@link roomToDeflate}.
 * @returns the start of `output`; other memory in versions of Node that this was not tried in.
 */
export function deflateInto(
	input: Uint8Array,
	output: Uint8Array,
	options: Omit<ZlibOptions, "chunkSize">,
): Promise<Uint8Array> {
	return new Promise((resolve, reject) => {
		const stream = createDeflateRaw({ ...options, chunkSize: LEAST_CHUNK_SIZE });
		if (!placeOutput(stream as unknown as Inside, output)) {
			stream.close();
			deflateRaw(input, { ...options, chunkSize: output.byteLength }, (error, result) => {
				if (error) reject(error);
				else resolve(result);
			});
			return;
		}
		const pieces: Buffer[] = [];
		stream.on("data", (piece: Buffer) => pieces.push(piece));
		stream.on("error", reject);
		stream.on("end", () => {
			stream.close();
			// Those of one memory follow each other.
			const areThere = pieces.every(({ buffer }) => buffer === output.buffer);
			const size = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
			resolve(areThere ? output.subarray(0, size) : Buffer.concat(pieces));
		});
		stream.end(input);
	});
}

/** @returns `false`, with nothing changed, if the stream is not made as it was where this was tried. */
function placeOutput(inside: Inside, output: Uint8Array): boolean {
	const { _outBuffer, _chunkSize } = inside;
	if (!ReusableDeflate.isTried() || !(_outBuffer instanceof Uint8Array) || _chunkSize !== LEAST_CHUNK_SIZE)
		return false;
	inside._outBuffer = Buffer.from(output.buffer, output.byteOffset, output.byteLength);
	inside._chunkSize = output.byteLength;
	return true;
}
