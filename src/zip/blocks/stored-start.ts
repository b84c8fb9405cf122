import type { MethodChoice } from "../entry.ts";
import type { Block, OpenEntry } from "./read-blocks.ts";

/** How a block is stored. */
export interface BlockMethod {
	readonly method: MethodChoice;
	/** It is left as it is, within what the method allows, and not compressed. */
	readonly asItIs: boolean;
}

/**
 * Makes a run at least as large as so many bytes of its content, where compression leaves too little of it: blocks are not compressed as
 * long as less than that stands before them. It depends on the contents alone, so that whoever makes the run again makes the same bytes.
 *
 * A Zstandard frame has no such blocks: entries of which one begins in front are deflated.
 */
export class StoredStart {
	readonly #size: number;
	/** Bytes of all blocks so far, before compression. */
	#before = 0;
	#entry: OpenEntry | undefined;
	#entryIsInFront = false;

	/** @param size - Bytes. */
	constructor(size: number) {
		this.#size = size;
	}

	/** @param method - That the block would have otherwise. Every block is asked for once, in their order. */
	methodOf({ opened, bytes }: Pick<Block, "opened" | "bytes">, method: MethodChoice): BlockMethod {
		const asItIs = this.#before < this.#size;
		if (opened !== this.#entry) {
			this.#entry = opened;
			this.#entryIsInFront = asItIs;
		}
		this.#before += bytes.byteLength;
		return { method: method === "zstd" && this.#entryIsInFront ? "deflate" : method, asItIs };
	}
}
