import type { Path } from "./file-system.ts";

export const ASCII: RegExp = /^[\0-\x7f]*$/;

/**
 * A path for `node:fs`, which takes text faster than bytes.
 *
 * @param byteString - One character, one byte.
 * @param start - What is ASCII for certain, in front of it.
 */
export function pathOf(byteString: string, start = ""): Path {
	const path = start + byteString;
	return ASCII.test(byteString) ? path : Buffer.from(path, "latin1");
}
