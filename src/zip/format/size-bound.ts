import type { Entry, MethodChoice } from "../entry.ts";
import { centralSize, entryExtent, type SizedEntry } from "./entry-extent.ts";
import { U32_MAX } from "./limits.ts";
import { endOfCentralDirectoryLength } from "./record-lengths.ts";
import { type DirectoryTotals, needsZip64End } from "./records.ts";

/** Facts about an entry before it is opened. */
export interface ForeseenEntry
	extends Pick<Entry, "kind" | "size" | "mtimeMs" | "comment" | "method" | "raw">,
		Pick<SizedEntry, "name"> {}

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

	/**
	 * @param method - Of the archive.
	 * @param start - Bytes of it that stand before these entries, at most.
	 */
	constructor(method: MethodChoice = "auto", start = 0) {
		this.#method = method;
		this.#records = start;
	}

	/** @returns bytes that it adds to the archive at most. */
	add(entry: ForeseenEntry): number {
		const { name, kind, size, mtimeMs, comment, method = this.#method, raw } = entry;
		if (size === undefined && kind === "file") this.known = false;
		const data = kind === "directory" ? 0 : (size ?? 0);
		const sized = { name, kind, mtimeMs, size: data, method, raw };
		const extent = entryExtent(sized);
		if (extent.form === "compressed") this.exact = false;
		this.#zip64Entry ||= extent.zip64 || Math.max(data, extent.dataSize, this.#records) >= U32_MAX;
		const directory = centralSize(sized, comment, extent, this.#records);
		this.#directory += directory;
		this.#records += extent.size;
		this.#entryCount += 1;
		return extent.size + directory;
	}

	/** Where the central directory is. */
	get directory(): DirectoryTotals {
		return { entryCount: this.#entryCount, size: this.#directory, offset: this.#records };
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
		return needsZip64End(this.directory);
	}
}
