import type { EntryEvent, ZipferryEventListener } from "../events.ts";
import type { AssemblerOptions } from "../zip/assemble.ts";
import { displayName } from "../zip/format/entry-name.ts";
import { DEFLATED, STORED, ZSTD } from "../zip/format/records.ts";
import { hears } from "./heard-events.ts";

const METHOD_WORDS: Readonly<Record<number, EntryEvent["method"]>> = {
	[STORED]: "stored",
	[DEFLATED]: "deflated",
	[ZSTD]: "zstd",
};

/** Tells a listener of entries that are in the archive; `undefined` if it makes nothing of that. */
export function entryTeller(onEvent: ZipferryEventListener): AssemblerOptions["onEntry"] {
	if (!hears(onEvent, "entry")) return undefined;
	return ({ name, kind, method, uncompressedSize, compressedSize }) =>
		onEvent({
			type: "entry",
			name: displayName(name),
			kind,
			method: METHOD_WORDS[method] ?? "deflated",
			uncompressedSize,
			compressedSize,
		});
}
