import type { CompressedBlock } from "../../src/zip/blocks/compress-block.ts";
import type { Entry } from "../../src/zip/entry.ts";
import { DEFLATED, type Method } from "../../src/zip/format/records.ts";

/** A block of which only the length counts. */
export function block(
	entry: Entry,
	size: number,
	data: Uint8Array,
	{ method = DEFLATED as Method, index = 0, last = true, known = true } = {},
): CompressedBlock {
	const opened = { entry, mtimeMs: entry.mtimeMs, mode: entry.mode, size: known ? size : undefined };
	const bytes = { byteLength: size } as Uint8Array; // an array of 4 GiB cannot be had
	return {
		block: {
			opened,
			index,
			bytes,
			last,
			crc32: size === 0 && index === 0 ? 0 : 0x1234,
			dictionary: undefined,
		},
		method,
		data,
	};
}
