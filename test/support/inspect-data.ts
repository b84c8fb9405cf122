import { crc32, inflateRawSync } from "node:zlib";
import { decompressFrame } from "../../src/bytes/zstd/decompress-frame.js";
import { demand } from "./field-reader.ts";
import type { CentralHeader } from "./inspect-headers.ts";
import type { ArchiveBytes } from "./sparse-bytes.ts";

/** Inflates the data of one entry: exactly its compressed bytes give exactly what the headers say. */
export function inspectData(
	bytes: ArchiveBytes,
	offset: number,
	{ method, compressedSize, uncompressedSize, crc32: stated }: CentralHeader,
	where: string,
): Buffer {
	const data = Buffer.from(bytes.read(offset, compressedSize));
	const content =
		method === 0
			? data
			: method === 93
				? unpack(data, uncompressedSize, where)
				: inflate(data, uncompressedSize, where);
	demand(content.byteLength === uncompressedSize, `${where}: inflates to ${content.byteLength} bytes`);
	demand(crc32(content) === stated, `${where}: the data has another CRC-32`);
	return content;
}

/** Exactly one Zstandard frame. */
function unpack(data: Buffer, uncompressedSize: number, where: string): Buffer {
	const { output, used } = decompressFrame(data, uncompressedSize + 1);
	demand(used === data.byteLength, `${where}: the frame ends after ${used} of ${data.byteLength} bytes`);
	return output;
}

/** What zlib gives with the option `info`, of which @types/node does not know. */
interface InflateInfo {
	readonly buffer: Buffer;
	readonly engine: { readonly bytesWritten: number };
}

function inflate(data: Buffer, uncompressedSize: number, where: string): Buffer {
	// One byte more than stated, so that too much of it is seen and cannot fill the memory.
	const options = { maxOutputLength: uncompressedSize + 1, info: true };
	let result: InflateInfo;
	try {
		result = inflateRawSync(data, options) as unknown as InflateInfo;
	} catch (cause) {
		throw new Error(`${where}: the data does not inflate`, { cause });
	}
	const { buffer, engine } = result;
	demand(
		engine.bytesWritten === data.byteLength,
		`${where}: the DEFLATE data ends after ${engine.bytesWritten} of ${data.byteLength} bytes`,
	);
	return buffer;
}
