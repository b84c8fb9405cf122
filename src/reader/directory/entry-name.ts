import { isAscii, isUtf8 } from "../../zip/format/entry-name.ts";
import { FLAG } from "../entry.ts";
import { decodeCp437 } from "./cp437.ts";
import { isSameName, readUnicodeName } from "./unicode-name.ts";

/** Systems that a header can say it was made on (APPNOTE 4.4.2.2). */
const UNIX = 3;
const DARWIN = 19;
/** MS-DOS, OS/2, NTFS, VFAT: systems with backslashes in paths. */
const DOS_LIKE: ReadonlySet<number> = new Set([0, 6, 10, 11, 14]);

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
	if ((flags & FLAG.utf8) === 0 && unicodeName !== undefined) {
		const better = readUnicodeName(unicodeName, rawName);
		if (better !== undefined) return { name: textOf(better, "utf8"), pathBytes: better };
	}
	if (isAscii(rawName)) return { name: textOf(rawName, "latin1"), pathBytes: rawName };
	if (isUtf8(rawName)) return { name: textOf(rawName, "utf8"), pathBytes: rawName };
	const name = decodeCp437(rawName);
	return { name, pathBytes: isUnix(system) ? rawName : Buffer.from(name, "utf8") };
}

/**
 * Why programs would read a name in different ways, in words that go on behind it; `undefined` if they would not: at a NUL byte
 * some end it, of two names they take one or the other, and what is said to be UTF-8 and is not is an error to some.
 */
export function nameObjection(
	rawName: Uint8Array,
	flags: number,
	unicodeName: Uint8Array | undefined,
): string | undefined {
	if (rawName.byteLength === 0) return "has no name";
	const other = unicodeName && readUnicodeName(unicodeName, rawName);
	if (rawName.includes(0) || other?.includes(0)) return "has a NUL byte in its name";
	const saidUtf8 = (flags & FLAG.utf8) !== 0;
	if (saidUtf8 && !isUtf8(rawName)) return "is said to have a name in UTF-8, and has not";
	if (other === undefined) return undefined;
	const same = saidUtf8 || isAscii(other) ? Buffer.compare(other, rawName) === 0 : isSameName(rawName, other);
	return same ? undefined : "has two names: another one in its Unicode path field";
}

/** Text that is no name: UTF-8 if it can be, else CP437. */
export function decodeText(bytes: Uint8Array): string {
	if (bytes.byteLength === 0) return "";
	return isUtf8(bytes) ? textOf(bytes, "utf8") : decodeCp437(bytes);
}

function textOf({ buffer, byteOffset, byteLength }: Uint8Array, encoding: "utf8" | "latin1"): string {
	return Buffer.from(buffer, byteOffset, byteLength).toString(encoding);
}
