import { crc32 } from "../../bytes/crc32.ts";
import { isUtf8 } from "../../zip/format/entry-name.ts";

/** The version and length of a Unicode path field, and its CRC-32 of the other name (APPNOTE 4.6.9). */
const NAME_START = 5;

/**
 * The name in a Unicode path field (0x7075, APPNOTE 4.6.9) of Info-ZIP, if its CRC-32 shows that it belongs to this name. A
 * tool that renames an entry, and does not know the field, leaves an old one behind.
 */
export function readUnicodeName(field: Uint8Array, rawName: Uint8Array): Uint8Array | undefined {
	if (field.byteLength <= NAME_START || field[0] !== 1) return undefined;
	const view = new DataView(field.buffer, field.byteOffset, field.byteLength);
	const name = field.subarray(NAME_START);
	return view.getUint32(1, true) === crc32(rawName) && isUtf8(name) ? name : undefined;
}

/** What tools put in the place of a character that the other name cannot have: `?`, `_`, `#U00fc`, `#L01f600`. */
const REPLACED = /[?_]|#U[0-9a-f]{4}|#L[0-9a-f]{6}|[^\0-\x7f]/gi;

/**
 * Whether both are one name, but for the characters that one of them cannot have. If they are not, a program
 * that knows the field sees another entry than one that does not.
 */
export function isSameName(rawName: Uint8Array, unicodeName: Uint8Array): boolean {
	return common(rawName) === common(unicodeName);
}

function common({ buffer, byteOffset, byteLength }: Uint8Array): string {
	return Buffer.from(buffer, byteOffset, byteLength).toString("latin1").replaceAll(REPLACED, "");
}
