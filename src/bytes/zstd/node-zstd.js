// Plain JavaScript, as threads use it that are started from the sources as well as from the built package.
import * as zlib from "node:zlib";

/**
 * @typedef {object} ZstdOptions
 * @property {Readonly<Record<number, number>>} [params]
 * @property {number} [pledgedSrcSize] Bytes that will come in.
 * @property {number} [chunkSize]
 * @property {number} [flush]
 * @property {number} [highWaterMark] Of the stream, bytes.
 * @property {number} [maxOutputLength]
 * @property {boolean} [info]
 */

/**
 * What Node has of Zstandard, as far as it is used here: the types of the oldest Node do not know it.
 *
 * @typedef {object} NodeZstd
 * @property {(bytes: Uint8Array, options: ZstdOptions) => Buffer} zstdCompressSync
 * @property {(options: ZstdOptions) => import("node:stream").Transform} createZstdCompress
 * @property {(bytes: Uint8Array, options: ZstdOptions) => Buffer} zstdDecompressSync
 * @property {(options: ZstdOptions) => import("node:zlib").InflateRaw} createZstdDecompress
 * @property {Readonly<Record<"ZSTD_e_flush" | "ZSTD_e_end" | "ZSTD_c_compressionLevel" | "ZSTD_c_nbWorkers" | "ZSTD_c_jobSize", number>>} constants
 */

/** The versions of Node that have Zstandard. */
export const ZSTD_NODES = "Node.js 22.15, 23.8 or later";

/** `undefined` where Node has no Zstandard. */
export const nodeZstd = /** @type {NodeZstd | undefined} */ (
	/** @type {unknown} */ ("createZstdCompress" in zlib ? zlib : undefined)
);

/**
 * Zstandard of Node.
 *
 * @returns {NodeZstd}
 */
export function requireZstd() {
	if (nodeZstd === undefined) throw new Error(`Zstandard needs ${ZSTD_NODES}`);
	return nodeZstd;
}
