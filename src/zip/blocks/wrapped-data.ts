import { BLOCK_SIZE } from "../format/limits.ts";
import {
	MAX_STORED_BLOCK,
	STORED_BLOCK_HEADER,
	storedBlockHeader,
	storedBlocksSize,
} from "./stored-blocks.ts";

/*
 * Where the bytes of a content lie in the data that `storedBlocks` makes of it, block of BLOCK_SIZE by block: any stretch of
 * the data can be made of a stretch of the content.
 */

const WRAPPED_BLOCK_SIZE = storedBlocksSize(BLOCK_SIZE);
const STORED_BLOCK_SIZE = STORED_BLOCK_HEADER + MAX_STORED_BLOCK;

/** Bytes of the content that lie before this offset of the data. */
export function contentBefore(offset: number): number {
	const { index, within, start } = storedBlockAt(offset);
	return index * BLOCK_SIZE + within * MAX_STORED_BLOCK + Math.max(0, offset - start - STORED_BLOCK_HEADER);
}

/** The stored DEFLATE block that a byte of the data lies in. */
interface StoredBlock {
	/** Of the block of BLOCK_SIZE that it is a part of. */
	readonly index: number;
	/** Its number in there. */
	readonly within: number;
	/** Offset of its header in the data. */
	readonly start: number;
}

function storedBlockAt(offset: number): StoredBlock {
	const index = Math.floor(offset / WRAPPED_BLOCK_SIZE);
	const within = Math.floor((offset - index * WRAPPED_BLOCK_SIZE) / STORED_BLOCK_SIZE);
	return { index, within, start: index * WRAPPED_BLOCK_SIZE + within * STORED_BLOCK_SIZE };
}

/** Wraps a stretch of a content so that a stretch of its data comes out. */
export class DataWrapper {
	readonly #size: number;
	readonly #end: number;
	#offset: number;

	/**
	 * @param size - Bytes of the whole content, at least 1.
	 * @param start - Of the stretch in the data.
	 * @param end - Of the stretch in the data, not included.
	 */
	constructor(size: number, start: number, end: number) {
		this.#size = size;
		this.#offset = start;
		this.#end = end;
	}

	/** @param content - The next bytes of the content, from {@link contentBefore} the start on; none, to get what is behind the last. */
	*wrap(content: Uint8Array): Generator<Uint8Array, void, void> {
		let taken = 0;
		while (this.#offset < this.#end) {
			const { index, within, start } = storedBlockAt(this.#offset);
			const contentStart = index * BLOCK_SIZE + within * MAX_STORED_BLOCK;
			const length = Math.min(
				MAX_STORED_BLOCK,
				(index + 1) * BLOCK_SIZE - contentStart,
				this.#size - contentStart,
			);
			const dataStart = start + STORED_BLOCK_HEADER;
			if (this.#offset < dataStart) {
				const header = storedBlockHeader(length, contentStart + length === this.#size);
				const piece = header.subarray(this.#offset - start, this.#end - start);
				this.#offset += piece.byteLength;
				yield piece;
				continue;
			}
			if (taken === content.byteLength) return;
			const rest = dataStart + length - this.#offset;
			const piece = content.subarray(taken, taken + Math.min(rest, this.#end - this.#offset));
			taken += piece.byteLength;
			this.#offset += piece.byteLength;
			yield piece;
		}
	}
}
