import { constants } from "node:zlib";
import type { BufferPool } from "../../bytes/buffer-pool.ts";
import type { Level, MethodChoice } from "../entry.ts";
import { STORED } from "../format/records.ts";
import { MAX_SIZED_INPUT } from "./compress-whole.ts";
import type { CompressedBlock } from "./compressed-block.ts";
import { deflateInto, roomToDeflate } from "./deflate-into.ts";
import type { DeflateThreads } from "./deflate-threads.ts";
import type { Block } from "./read-blocks.ts";
import { isCompressible, MEM_LEVEL, smallestData } from "./smallest-data.ts";
import type { StoredStart } from "./stored-start.ts";
import type { ZstdBlocks } from "./zstd/zstd-blocks.ts";

/** Less than this share of a buffer is worth a copy to free the rest. */
const KEEP_RATIO = 0.75;

export type { CompressedBlock } from "./compressed-block.ts";

export interface CompressOptions {
	readonly method: MethodChoice;
	/** Of DEFLATE. */
	readonly level: Level;
	/** Receives the memory of a block once it is not needed any more. */
	readonly pool: BufferPool;
	/** For whole small entries. */
	readonly threads: DeflateThreads;
	readonly zstd: ZstdBlocks;
	/** There if the first blocks are not compressed. */
	readonly storedStart?: StoredStart | undefined;
}

/**
 * Compresses one block. All blocks of an entry get the same method; within DEFLATE each block is
 * compressed or stored on its own, whichever is smaller, so an entry never grows by more than
 * 5 bytes per 65,535. Zstandard does the same by itself.
 */
export function compressBlock(
	block: Block,
	options: CompressOptions,
): CompressedBlock | Promise<CompressedBlock> {
	const { bytes, last, index } = block;
	const { entry, raw } = block.opened;
	const { kind, method: own } = entry;
	const wanted = own ?? options.method;
	const inFront = options.storedStart?.methodOf(block, wanted);
	const choice = inFront?.method ?? wanted;
	if (raw !== undefined) return { block, method: raw.method, data: bytes };
	const whole = last && index === 0;
	if (kind !== "file" || choice === "store" || (whole && bytes.byteLength === 0)) return asItIs(block);
	if (choice === "zstd") return options.zstd.compress(block, options.pool);
	const mayBeStored = whole && (choice === "auto" || choice === "wrap");
	if (inFront?.asItIs === true || choice === "wrap" || (choice === "auto" && !isCompressible(bytes)))
		return smallest(block, undefined, mayBeStored, options);
	const deflated = deflate(block, options);
	return deflated instanceof Promise
		? deflated.then((data) => smallest(block, data, mayBeStored, options))
		: smallest(block, deflated, mayBeStored, options);
}

function asItIs(block: Block): CompressedBlock {
	return { block, method: STORED, data: block.bytes };
}

/** @param deflated - Not there if it was not worth trying. */
function smallest(
	block: Block,
	deflated: Uint8Array | undefined,
	mayBeStored: boolean,
	{ pool }: CompressOptions,
): CompressedBlock {
	const { bytes, last } = block;
	const chosen = smallestData(bytes, deflated, last, mayBeStored, (size) => pool.take(size));
	if (chosen.data !== bytes) pool.give(bytes); // the data is a copy
	if (deflated !== undefined && chosen.data !== deflated) pool.give(deflated);
	return { block, ...chosen };
}

/**
 * Deflates one block so that the blocks of an entry, one after the other, are one DEFLATE stream: the
 * end of the block before is the dictionary, and every block but the last is flushed to a byte border.
 */
function deflate(
	{ bytes, last, index, dictionary }: Block,
	{ level, threads, pool }: CompressOptions,
): Uint8Array | Promise<Uint8Array> {
	// libuv's pool would cost more than deflating it.
	if (last && index === 0 && bytes.byteLength <= MAX_SIZED_INPUT) return threads.deflate(bytes);
	const output = pool.take(roomToDeflate(bytes.byteLength));
	const deflated = deflateInto(bytes, output, {
		level,
		memLevel: MEM_LEVEL,
		finishFlush: last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
		...(dictionary === undefined ? {} : { dictionary }),
	});
	return deflated.then((data) => withoutRest(data, output, pool));
}

/** The data is the front of a buffer for the worst case, and may wait long for its part to fill. */
function withoutRest(data: Uint8Array, output: Uint8Array, pool: BufferPool): Uint8Array {
	const isThere = data.buffer === output.buffer;
	if (data.byteLength >= KEEP_RATIO * data.buffer.byteLength) {
		if (!isThere) pool.give(output);
		return data;
	}
	const copy = pool.take(data.byteLength);
	copy.set(data);
	pool.give(output);
	return copy;
}
