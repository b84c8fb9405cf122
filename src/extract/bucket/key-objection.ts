import { isUtf8 } from "node:buffer";

/** Bytes of a key. */
const LONGEST_KEY = 1024;

/**
 * Why a path cannot be the end of a key, in words that go on behind the name of the entry.
 *
 * @param path - As a byte string.
 */
export function keyObjection(prefix: string, path: string): string | undefined {
	if (!isUtf8(Buffer.from(path, "latin1"))) return "has a name that is not UTF-8, and a key has to be";
	if (Buffer.byteLength(prefix) + path.length > LONGEST_KEY)
		return "would have a key of more than 1,024 bytes";
	return undefined;
}
