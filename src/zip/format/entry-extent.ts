import { storedBlocksSize } from "../blocks/stored-blocks.ts";
import { zstdBound } from "../blocks/zstd/zstd-bound.ts";
import { copiedData } from "../copied-data.ts";
import type { Entry, MethodChoice, RawData } from "../entry.ts";
import { BLOCK_SIZE, mayExceed32Bits, U32_MAX } from "./limits.ts";
import {
	centralDirectoryHeaderLength,
	dataDescriptorLength,
	localFileHeaderLength,
} from "./record-lengths.ts";

/**
 * How the data of an entry lies in the archive: as it is, in DEFLATE blocks that hold it as it is, or compressed, so that
 * only reading it tells how much there will be.
 */
type DataForm = "stored" | "wrapped" | "compressed";

/** What decides the bytes of an entry, apart from its content. */
export interface SizedEntry extends Pick<Entry, "kind" | "mtimeMs" | "raw"> {
	/** Nothing of it counts but its length. */
	readonly name: { readonly byteLength: number };
	/** Bytes of its content. */
	readonly size: number;
	readonly method: MethodChoice;
}

/** Bytes that an entry takes in front of the central directory. */
export interface EntryExtent {
	readonly form: DataForm;
	/** The content is one block, so that CRC-32 and sizes are in the local header. */
	readonly whole: boolean;
	readonly zip64: boolean;
	readonly headerSize: number;
	/** The most there can be, if it is compressed. */
	readonly dataSize: number;
	readonly descriptorSize: number;
	/** All of these together. */
	readonly size: number;
}

export function entryExtent(entry: SizedEntry): EntryExtent {
	const copied = copiedData(entry, entry.method);
	return copied === undefined ? madeExtent(entry) : copiedExtent(entry, copied);
}

/** What is known of data that is copied stands in its header. */
function copiedExtent({ name, mtimeMs, size }: SizedEntry, { compressedSize }: RawData): EntryExtent {
	const zip64 = Math.max(size, compressedSize) >= U32_MAX;
	const headerSize = localFileHeaderLength(name.byteLength, { mtimeMs, zip64 });
	const sizes = { headerSize, dataSize: compressedSize, descriptorSize: 0 };
	return { form: "stored", whole: true, zip64, ...sizes, size: headerSize + compressedSize };
}

function madeExtent({ name, kind, mtimeMs, size, method }: SizedEntry): EntryExtent {
	const whole = size <= BLOCK_SIZE;
	const zip64 = !whole && mayExceed32Bits(size);
	const form = dataForm(kind, method, size);
	const headerSize = localFileHeaderLength(name.byteLength, { mtimeMs, zip64 });
	const dataSize = form === "stored" ? size : method === "zstd" ? zstdSize(size) : wrappedSize(size);
	const descriptorSize = whole ? 0 : dataDescriptorLength(zip64);
	const total = headerSize + dataSize + descriptorSize;
	return { form, whole, zip64, headerSize, dataSize, descriptorSize, size: total };
}

/**
 * Bytes of its header in the central directory.
 *
 * @param offset - Of its local header.
 */
export function centralSize(
	{ name, mtimeMs, size }: SizedEntry,
	comment: string | undefined,
	{ dataSize }: EntryExtent,
	offset: number,
): number {
	const largeCount = [size, dataSize, offset].filter((value) => value >= U32_MAX).length;
	const commentSize = comment === undefined ? 0 : Buffer.byteLength(comment, "utf8");
	return centralDirectoryHeaderLength(name.byteLength, commentSize, { mtimeMs, largeCount });
}

function dataForm(kind: Entry["kind"], method: MethodChoice, size: number): DataForm {
	if (size === 0 || kind !== "file" || method === "store") return "stored";
	if (method !== "wrap") return "compressed";
	return size <= BLOCK_SIZE ? "stored" : "wrapped";
}

/** What does not get smaller is stored, if it is one block. */
function zstdSize(size: number): number {
	return size <= BLOCK_SIZE ? size : zstdBound(size);
}

/** Block borders are fixed, so the size of an entry is the sum over its blocks. */
function wrappedSize(size: number): number {
	const fullBlocks = Math.floor(size / BLOCK_SIZE);
	const rest = size % BLOCK_SIZE;
	return fullBlocks * storedBlocksSize(BLOCK_SIZE) + (rest === 0 ? 0 : storedBlocksSize(rest));
}
