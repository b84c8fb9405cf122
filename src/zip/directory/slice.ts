import { headerLength } from "../format/central-header.ts";

/** The central directory of a run of entries that was made apart from the rest of the archive. */
export interface DirectorySlice {
	readonly entryCount: number;
	/**
	 * Central directory headers in the order of the entries, none of them cut in two. Their offsets count from
	 * the start of the run.
	 */
	readonly pages: Iterable<Uint8Array>;
}

/** The headers of a slice, one at a time. */
export function* headersOf({ pages }: DirectorySlice): Generator<Uint8Array, void, void> {
	for (const page of pages) {
		for (let at = 0; at < page.byteLength; ) {
			const end = at + headerLength(page, at);
			yield page.subarray(at, end);
			at = end;
		}
	}
}
