import { storedBlocksSize } from "../blocks/stored-blocks.ts";
import { copiedData } from "../copied-data.ts";
import type { Entry, MethodChoice } from "../entry.ts";
import { BLOCK_SIZE, mayExceed32Bits, U32_MAX } from "./limits.ts";
import {
	centralDirectoryHeaderLength,
	dataDescriptorLength,
	endOfCentralDirectoryLength,
	localFileHeaderLength,
} from "./record-lengths.ts";
import { needsZip64End } from "./records.ts";

/** Facts about an entry before it is opened. */
export type ForeseenEntry = Pick<Entry, "name" | "kind" | "size" | "mtimeMs" | "comment" | "method" | "raw">;

/**
 * Adds up the archive that entries will make, one entry at a time, in constant memory: exactly where
 * nothing is compressed, otherwise the largest it can get.
 */
export class SizeBound {
	readonly #method: MethodChoice;
	#records = 0;
	#directory = 0;
	#entryCount = 0;
	#zip64Entry = false;
	/** Whether every entry gave its size: if not, {@link SizeBound.bytes} bounds nothing. */
	known = true;
	/** Whether the archive will have exactly that size: nothing in it may turn out smaller. */
	exact = true;

	/** @param method - Of the archive. */
	constructor(method: MethodChoice = "auto") {
		this.#method = method;
	}

	add(entry: ForeseenEntry): void {
		const { name, kind, size, mtimeMs, comment, method = this.#method } = entry;
		const copied = copiedData(entry, this.#method);
		if (size === undefined && kind === "file") this.known = false;
		const data = kind === "directory" ? 0 : (size ?? 0);
		const stored = copied !== undefined || data === 0 || kind === "symlink" || method === "store";
		if (!stored) this.exact = false;
		const largest = copied?.compressedSize ?? (stored ? data : blocksBound(data));
		const whole = copied !== undefined || data <= BLOCK_SIZE;
		const zip64 = copied === undefined ? !whole && mayExceed32Bits(data) : Math.max(data, largest) >= U32_MAX;
		const largeCount =
			Number(data >= U32_MAX) + Number(largest >= U32_MAX) + Number(this.#records >= U32_MAX);
		this.#zip64Entry ||= zip64 || largeCount > 0;
		this.#records += localFileHeaderLength(name.byteLength, { mtimeMs, zip64 }) + largest;
		if (!whole) this.#records += dataDescriptorLength(zip64);
		const commentLength = comment === undefined ? 0 : Buffer.byteLength(comment, "utf8");
		this.#directory += centralDirectoryHeaderLength(name.byteLength, commentLength, { mtimeMs, largeCount });
		this.#entryCount += 1;
	}

	/**
	 * Bytes that the archive cannot exceed.
	 *
	 * @param commentSize - Length of the archive comment, bytes.
	 */
	bytes(commentSize: number): number {
		return this.#records + this.#directory + endOfCentralDirectoryLength(this.#zip64End, commentSize);
	}

	/** Whether an archive that reaches the bound needs ZIP64. */
	get zip64(): boolean {
		return this.#zip64Entry || this.#zip64End;
	}

	get #zip64End(): boolean {
		return needsZip64End({ entryCount: this.#entryCount, size: this.#directory, offset: this.#records });
	}
}

/** Block borders are fixed, so the bound of an entry is the sum over its blocks. */
function blocksBound(size: number): number {
	const fullBlocks = Math.floor(size / BLOCK_SIZE);
	const rest = size % BLOCK_SIZE;
	return fullBlocks * storedBlocksSize(BLOCK_SIZE) + (rest === 0 ? 0 : storedBlocksSize(rest));
}
