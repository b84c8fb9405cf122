import { mayExceed32Bits } from "../assemble.ts";
import { storedBlocksSize } from "../blocks/stored-blocks.ts";
import type { Entry, MethodChoice } from "../entry.ts";
import { BLOCK_SIZE, U32_MAX } from "./limits.ts";
import {
	CENTRAL_DIRECTORY_HEADER_LENGTH,
	dataDescriptorLength,
	EOCD_LENGTH,
	LOCAL_FILE_HEADER_LENGTH,
	needsZip64End,
	timestampLength,
	ZIP64_EOCD_LENGTH,
	ZIP64_EOCD_LOCATOR_LENGTH,
} from "./records.ts";

const LOCAL_ZIP64_LENGTH = 20;
const EXTRA_HEADER_LENGTH = 4;
const ZIP64_FIELD_LENGTH = 8;

/** What is known of an entry before it is opened. */
export type ForeseenEntry = Pick<Entry, "name" | "kind" | "size" | "mtimeMs" | "comment" | "method">;

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
	/** Whether the archive will have just that size: nothing in it may turn out smaller. */
	exact = true;

	/** @param method - Of the archive. */
	constructor(method: MethodChoice = "auto") {
		this.#method = method;
	}

	add({ name, kind, size, mtimeMs, comment, method = this.#method }: ForeseenEntry): void {
		if (size === undefined && kind === "file") this.known = false;
		const data = kind === "directory" ? 0 : (size ?? 0);
		const stored = data === 0 || kind === "symlink" || method === "store";
		if (!stored) this.exact = false;
		const largest = stored ? data : blocksBound(data);
		const whole = data <= BLOCK_SIZE;
		const zip64 = !whole && mayExceed32Bits(data);
		const shared = name.byteLength + timestampLength(mtimeMs);
		const large = Number(data >= U32_MAX) + Number(largest >= U32_MAX) + Number(this.#records >= U32_MAX);
		this.#zip64Entry ||= zip64 || large > 0;
		this.#records +=
			LOCAL_FILE_HEADER_LENGTH +
			shared +
			(zip64 ? LOCAL_ZIP64_LENGTH : 0) +
			largest +
			(whole ? 0 : dataDescriptorLength(zip64));
		this.#directory +=
			CENTRAL_DIRECTORY_HEADER_LENGTH +
			shared +
			(large === 0 ? 0 : EXTRA_HEADER_LENGTH + large * ZIP64_FIELD_LENGTH) +
			(comment === undefined ? 0 : Buffer.byteLength(comment, "utf8"));
		this.#entryCount += 1;
	}

	/**
	 * Bytes that the archive cannot exceed.
	 *
	 * @param commentSize - Length of the archive comment, bytes.
	 */
	bytes(commentSize: number): number {
		const end = this.#zip64End ? ZIP64_EOCD_LENGTH + ZIP64_EOCD_LOCATOR_LENGTH : 0;
		return this.#records + this.#directory + end + EOCD_LENGTH + commentSize;
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
