import type { EntryEvent, ZipferryEventListener } from "../events.ts";
import type { ArchivedEntry } from "../zip/assemble.ts";
import { displayName } from "../zip/format/entry-name.ts";
import { DEFLATED, STORED, ZSTD } from "../zip/format/records.ts";

const METHOD_WORDS: Readonly<Record<number, EntryEvent["method"]>> = {
	[STORED]: "stored",
	[DEFLATED]: "deflated",
	[ZSTD]: "zstd",
};

/** Tells of entries that are in the archive. */
export function entryTeller(onEvent: ZipferryEventListener): (entry: ArchivedEntry) => void {
	return ({ name, kind, method, uncompressedSize, compressedSize, copied }) =>
		onEvent({
			type: "entry",
			name: displayName(name),
			kind,
			method: METHOD_WORDS[method] ?? "deflated",
			uncompressedSize,
			compressedSize,
			...(copied === true ? { copied } : {}),
		});
}
