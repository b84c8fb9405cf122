import type { Source } from "../../sources/source.ts";
import type { LayoutSettings } from "./layout-options.ts";

/**
 * An archive whose bytes are determined before anything is read: nothing is compressed and all sizes are known, so any range
 * of it can be made. The same sources in the same state have the same layout, and it has the bytes that `createZip` gives with the
 * method `"wrap"`.
 */
export interface ArchiveLayout {
	/** Bytes of the archive. */
	readonly size: number;
	readonly entryCount: number;
	/**
	 * SHA-256 over names, sizes, times, permissions, identities of the contents, options and format version; the first 32 hex digits. Not over CRC-32s, which
	 * nobody knows yet.
	 */
	readonly digest: string;
	/** The latest time of an entry, milliseconds since 1970-01-01 UTC; 0 if there is none. */
	readonly mtimeMs: number;
	/**
	 * Whether every source is old enough that a change would show in the digest. If not, only the whole archive should be given, without a strong ETag.
	 */
	readonly settled: boolean;
	/**
	 * Makes the bytes from `start` up to `end`, which is not included. Of the sources it reads what is in this range, what the CRC-32s in it need and nobody
	 * knows, and nothing else. Can be called any number of times, also at once.
	 *
	 * @throws {SourceError} `SOURCE_CHANGED` as soon as a source is not as it was when the layout was made: what came before is of that layout.
	 */
	read(start: number, end: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void, void>;
	/** Closes connections; readings that are under way fail. */
	close(): Promise<void>;
}

/**
 * Looks through the sources and lays their archive out.
 *
 * @returns `undefined` if the bytes of the archive are not determined: a content has no known size, or no state that it can be told by.
 * @throws as `planZip`.
 */
export async function layOutArchive(
	_sources: Source | readonly Source[],
	_settings: LayoutSettings,
): Promise<ArchiveLayout | undefined> {
	throw new Error("not there yet");
}
