import { deflateRawSync } from "node:zlib";
import { KiB } from "../../bytes/units.ts";
import { DEFLATED, type Method, STORED } from "../format/records.ts";
import { storedBlocks, storedBlocksSize } from "./stored-blocks.ts";

/*
 * What becomes of bytes that may be deflated: the same wherever they are, in this thread, in another one or in libuv's pool.
 */

/** One more than zlib's default: 4 % less time for 0.2 % more bytes. Of data that zlib is not set up for the size of. */
export const MEM_LEVEL = 9;

const SAMPLE_SIZE = 4 * KiB;
const SAMPLE_COUNT = 3;
/** Samples that keep more than this share of their size call a block incompressible. */
const INCOMPRESSIBLE_RATIO = 0.97;

/** Data as it goes into the archive. */
export interface ChosenData {
	readonly method: Method;
	readonly data: Uint8Array;
}

/** Tries a few samples on the fastest level: photos, films and archives show at once that they are no use. */
export function isCompressible(bytes: Uint8Array): boolean {
	if (bytes.byteLength < 2 * SAMPLE_COUNT * SAMPLE_SIZE) return true;
	const stride = Math.floor((bytes.byteLength - SAMPLE_SIZE) / (SAMPLE_COUNT - 1));
	let compressedSize = 0;
	for (let sample = 0; sample < SAMPLE_COUNT; sample++) {
		const start = sample * stride;
		compressedSize += deflateRawSync(bytes.subarray(start, start + SAMPLE_SIZE), { level: 1 }).byteLength;
	}
	return compressedSize <= INCOMPRESSIBLE_RATIO * SAMPLE_COUNT * SAMPLE_SIZE;
}

/**
 * @param deflated - Not there if it was not worth trying.
 * @param last - Whether the data of the entry ends here.
 * @param mayBeStored - Whether it may stand as it is, outside DEFLATE.
 * @param take - Gives memory of a size.
 */
export function smallestData(
	bytes: Uint8Array,
	deflated: Uint8Array | undefined,
	last: boolean,
	mayBeStored: boolean,
	take?: (size: number) => Uint8Array,
): ChosenData {
	if (mayBeStored && (deflated === undefined || deflated.byteLength >= bytes.byteLength))
		return { method: STORED, data: bytes };
	const worthIt = deflated !== undefined && deflated.byteLength < storedBlocksSize(bytes.byteLength);
	return { method: DEFLATED, data: worthIt ? deflated : storedBlocks(bytes, last, take) };
}
