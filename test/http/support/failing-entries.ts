import type { GeneratedEntry } from "../../../src/sources/source.ts";
import { noise } from "../../support/bytes.ts";

const CHUNK = noise(64 * 1024);

/** The error of {@link failingEntry}. */
export const BROKEN = new Error("the disk is gone");

/**
 * An entry whose content fails after a number of bytes.
 *
 * @param size - Bytes that are announced; `undefined` for none.
 */
export function failingEntry(size: number | undefined, failsAfter: number): GeneratedEntry {
	return {
		name: "broken.bin",
		size,
		async content() {
			return (async function* () {
				for (let given = 0; given < failsAfter; given += CHUNK.byteLength) yield CHUNK;
				throw BROKEN;
			})();
		},
	};
}
