import { crc32 } from "../../bytes/crc32.ts";
import { isAscii, isUtf8 } from "../../zip/format/entry-name.ts";
import { FLAG } from "../entry.ts";
import { decodeCp437 } from "./cp437.ts";

/** Systems that a header can say it was made on (APPNOTE 4.4.2.2). */
const UNIX = 3;
const DARWIN = 19;
/** MS-DOS, OS/2, NTFS, VFAT: systems with backslashes in paths. */
const DOS_LIKE: ReadonlySet<number> = new Set([0, 6, 10, 11, 14]);

/** The version and length of a Unicode path field, and its CRC-32 of the other name (APPNOTE 4.6.9). */
const UNICODE_NAME_START = 5;

/** A name in the forms that are needed. */
export interface EntryName {
	readonly name: string;
	readonly pathBytes: Uint8Array;
}

/** Whether entries made there have a Unix mode. */
export function isUnix(system: number): boolean {
	return system === UNIX || system === DARWIN;
}

/**
 * Reads a name.
 *
 * Many tools write UTF-8 and do not say so (macOS, older Java, Python for some), and hardly a name in another encoding is
 * valid UTF-8 by chance. So what can be read as UTF-8 is, whatever the flag says. The Unicode path field (0x7075) of
 * Info-ZIP counts if its CRC-32 shows that it belongs to this name. Anything else is CP437, as the specification says, and
 * may be any code page of Windows; on Unix a name is bytes, and they are kept.
 *
 * Old tools of Windows write backslashes between directories; they are read as slashes if the name has no slash.
 */
export function readEntryName(
	rawName: Uint8Array,
	flags: number,
	system: number,
	unicodeName: Uint8Array | undefined,
): EntryName {
	const { name, pathBytes } = decode(rawName, flags, system, unicodeName);
	if (!DOS_LIKE.has(system) || !name.includes("\\") || name.includes("/")) return { name, pathBytes };
	const slashed = name.replaceAll("\\", "/");
	return { name: slashed, pathBytes: Buffer.from(slashed, "utf8") };
}

function decode(
	rawName: Uint8Array,
	flags: number,
	system: number,
	unicodeName: Uint8Array | undefined,
): EntryName {
	if (isAscii(rawName)) return { name: textOf(rawName, "latin1"), pathBytes: rawName };
	if ((flags & FLAG.utf8) === 0 && unicodeName !== undefined) {
		const better = readUnicodeName(unicodeName, rawName);
		if (better !== undefined) return { name: textOf(better, "utf8"), pathBytes: better };
	}
	if (isUtf8(rawName)) return { name: textOf(rawName, "utf8"), pathBytes: rawName };
	const name = decodeCp437(rawName);
	return { name, pathBytes: isUnix(system) ? rawName : Buffer.from(name, "utf8") };
}

/** The name in a Unicode path field, if it is for this one. */
function readUnicodeName(field: Uint8Array, rawName: Uint8Array): Uint8Array | undefined {
	if (field.byteLength <= UNICODE_NAME_START || field[0] !== 1) return undefined;
	const view = new DataView(field.buffer, field.byteOffset, field.byteLength);
	const name = field.subarray(UNICODE_NAME_START);
	return view.getUint32(1, true) === crc32(rawName) && isUtf8(name) ? name : undefined;
}

/** Text that is no name: UTF-8 if it can be, else CP437. */
export function decodeText(bytes: Uint8Array): string {
	if (bytes.byteLength === 0) return "";
	return isUtf8(bytes) ? textOf(bytes, "utf8") : decodeCp437(bytes);
}

function textOf({ buffer, byteOffset, byteLength }: Uint8Array, encoding: "utf8" | "latin1"): string {
	return Buffer.from(buffer, byteOffset, byteLength).toString(encoding);
}
