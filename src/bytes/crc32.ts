import { deflateRawSync, crc32 as zlibCrc32 } from "node:zlib";

/**
 * CRC-32 of bytes, as ZIP has it (APPNOTE 4.4.7), going on from the CRC-32 of what stands before them.
 *
 * It is Node's. But zlib looks what the processor can do when it first deflates something, and computes
 * without that until then: 4 GB a second instead of 6.
 */
export const crc32: typeof zlibCrc32 = ofAcquaintedZlib();

function ofAcquaintedZlib(): typeof zlibCrc32 {
	deflateRawSync(new Uint8Array(0));
	return zlibCrc32;
}
