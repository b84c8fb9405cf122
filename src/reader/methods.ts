import { createInflateRaw, inflateRawSync } from "node:zlib";
import { KiB, MiB } from "../bytes/units.ts";
import { decompressFrame } from "../bytes/zstd/decompress-frame.js";
import { ZstdFrameEnd } from "../bytes/zstd/frame-end.js";
import { nodeZstd, requireZstd, ZSTD_NODES } from "../bytes/zstd/node-zstd.js";
import { ArchiveError } from "./archive-error.ts";
import { type EntryFacts, FLAG } from "./entry.ts";

/** How data of one compression method is read. */
export interface DecompressionMethod {
	/**
	 * Decompresses small data at once.
	 *
	 * @param size - Bytes that come out; it throws if there are more.
	 * @returns what came out, and how many bytes of the data it is made of.
	 */
	now(data: Uint8Array, size: number): { readonly output: Uint8Array; readonly used: number };
	/** A stream of Node that decompresses; `undefined` if the data is not compressed. */
	stream(): ReturnType<typeof createInflateRaw> | undefined;
	/** Finds the end of the compressed data, where the stream does not tell it reliably. */
	end?(): DataEnd;
	/** Bytes that come out of one byte at most. */
	readonly mostOfByte: number;
}

/** Looks at compressed data that goes by. */
export interface DataEnd {
	/** @returns how many of the bytes belong to it; `undefined` if it cannot be of the method. */
	pass(bytes: Uint8Array): number | undefined;
	/** Whether all of it has gone by. */
	readonly reached: boolean;
}

const STORE: DecompressionMethod = {
	now: (data) => ({ output: data, used: data.byteLength }),
	stream: () => undefined,
	mostOfByte: 1,
};

const INFLATE: DecompressionMethod = {
	now(data, size) {
		// With `info`, which the types do not know: the stream that did it is returned, too.
		const chunkSize = Math.min(Math.max(64, size + 64), MiB); // room for all that comes out, and no more
		const options = { chunkSize, maxOutputLength: Math.max(1, size), info: true };
		const { buffer, engine } = inflateRawSync(data, options) as unknown as {
			readonly buffer: Buffer;
			readonly engine: { readonly bytesWritten: number };
		};
		return { output: buffer, used: engine.bytesWritten };
	},
	stream: () => createInflateRaw({ chunkSize: 128 * KiB }),
	mostOfByte: 1032, // 258 of two bits (RFC 1951 3.2.5)
};

const ZSTANDARD: DecompressionMethod = {
	now: decompressFrame,
	stream: () => requireZstd().createZstdDecompress({ chunkSize: 128 * KiB }),
	end: () => new ZstdFrameEnd(),
	mostOfByte: (128 * KiB) / 4, // a block of one byte that is repeated (RFC 8878 3.1.1.2.4)
};

const ZSTD = 93;

/** The methods that can be read, by their number (APPNOTE 4.4.5). */
const METHODS: Readonly<Record<number, DecompressionMethod>> = {
	0: STORE,
	8: INFLATE,
	...(nodeZstd === undefined ? {} : { [ZSTD]: ZSTANDARD }),
};

/** Names of methods that archives of others have (APPNOTE 4.4.5). */
const NAMES: Readonly<Record<number, string>> = {
	1: "Shrink",
	6: "Implode",
	9: "Deflate64",
	12: "bzip2",
	14: "LZMA",
	20: "Zstandard",
	93: "Zstandard",
	95: "XZ",
	96: "JPEG",
	97: "WavPack",
	98: "PPMd",
	99: "AES encryption",
};

/**
 * How the data of an entry is read.
 *
 * @throws {ArchiveError} `ENTRY_UNSUPPORTED` if it is encrypted, or of another method.
 */
export function methodOf(location: string, entry: EntryFacts): DecompressionMethod {
	const reason = unsupportedReason(entry);
	const method = METHODS[entry.method];
	if (reason === undefined && method !== undefined) return method;
	throw new ArchiveError("ENTRY_UNSUPPORTED", reason ?? "cannot be read", {
		location,
		entryName: entry.name,
		offset: entry.offset,
	});
}

/** Whether another Node could read the data of an entry: nothing is wrong with the archive then. */
export function needsOtherNode({ method }: EntryFacts): boolean {
	return method === ZSTD && nodeZstd === undefined;
}

/** Why the data of an entry cannot be read, in words that go on behind its name; `undefined` if it can. */
export function unsupportedReason({ flags, encrypted, method }: EntryFacts): string | undefined {
	if (encrypted || (flags & (FLAG.strongEncryption | FLAG.maskedHeaders)) !== 0)
		return "is encrypted, which is not supported";
	if ((flags & FLAG.patched) !== 0) return "is a patch for another file, which is not supported";
	if (METHODS[method] !== undefined) return undefined;
	const name = `${NAMES[method] ?? "an unknown method"} (method ${method})`;
	if (method === ZSTD) return `is compressed by ${name}, which needs ${ZSTD_NODES}`;
	return `is compressed by ${name}, which is not supported`;
}

/** Whether the directory states more bytes than can be in the data, so that it is damaged for certain. */
export function isOverstated({ method, compressedSize, uncompressedSize }: EntryFacts): boolean {
	return uncompressedSize > (METHODS[method] ?? INFLATE).mostOfByte * compressedSize;
}
