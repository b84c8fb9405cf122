import type { BufferPool } from "../../../bytes/buffer-pool.ts";
import { KiB } from "../../../bytes/units.ts";
import { ZSTD } from "../../format/records.ts";
import type { CompressedBlock } from "../compressed-block.ts";
import type { Block } from "../read-blocks.ts";
import { ZstdFrames } from "./zstd-frames.ts";
import { zstdOrStored } from "./zstd-or-stored.ts";
import { zstdWhole, zstdWholeElsewhere } from "./zstd-whole.js";

/** Below, libuv's pool would cost more than compressing at once. */
const AT_ONCE = 32 * KiB;

/** Compresses the blocks of entries by Zstandard: one frame for each entry, as many readers stop at the end of the first. */
export class ZstdBlocks {
	readonly #level: number;
	readonly #frames: ZstdFrames;

	constructor(level: number) {
		this.#level = level;
		this.#frames = new ZstdFrames(level);
	}

	/** Bytes of long entries that are compressed together. */
	get groupSize(): number {
		return this.#frames.groupSize;
	}

	/** @param pool - Receives the memory of the block once it is not needed any more. */
	compress(block: Block, pool: BufferPool): CompressedBlock | Promise<CompressedBlock> {
		const { bytes, last, index, opened } = block;
		if (!last || index > 0) {
			const pieces = this.#frames.add(opened, bytes, last);
			pool.give(bytes); // copied
			return pieces instanceof Promise
				? pieces.then((more) => inPieces(block, more))
				: inPieces(block, pieces);
		}
		if (bytes.byteLength <= AT_ONCE) return smaller(block, zstdWhole(bytes, this.#level), pool);
		return zstdWholeElsewhere(bytes, this.#level).then((data) => smaller(block, data, pool));
	}

	/** Ends what is under way. */
	close(): void {
		this.#frames.close();
	}
}

function inPieces(block: Block, more: readonly Uint8Array[]): CompressedBlock {
	return { block, method: ZSTD, data: NOTHING, more };
}

function smaller(block: Block, frame: Uint8Array, pool: BufferPool): CompressedBlock {
	const chosen = zstdOrStored(block.bytes, frame);
	if (chosen.data === frame) pool.give(block.bytes);
	return { block, ...chosen };
}

const NOTHING = new Uint8Array(0);
