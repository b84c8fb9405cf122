import * as buffer from "node:buffer";
import { InvalidEntryNameError } from "./entry-name-errors.ts";
import { U16_MAX } from "./limits.ts";

const SLASH = 0x2f;
const DOT = 0x2e;
/** An empty, `.` or `..` segment; NUL. What almost no name has is looked for in one go. */
const REFUSED = /(^|\/)\.{0,2}(\/|$)|\0/;

/**
 * Encodes a name given as text.
 *
 * @throws {InvalidEntryNameError} for what no archive should carry; see {@link checkEntryName}, and for
 * text that is no valid Unicode or starts with a drive letter.
 */
export function encodeEntryName(name: string): Uint8Array {
	if (/\p{Surrogate}/u.test(name)) throw new InvalidEntryNameError(name, "has half of a surrogate pair");
	if (/^[A-Za-z]:[\\/]/.test(name)) throw new InvalidEntryNameError(name, "is an absolute Windows path");
	const bytes = Buffer.from(name, "utf8");
	checkEntryName(bytes);
	return bytes;
}

/**
 * Refuses names that would leave the folder an archive is extracted to, or that cannot be written.
 *
 * @param text - The name with one character for each byte, where that is at hand.
 * @throws {InvalidEntryNameError} for an empty or absolute name, an empty, `.` or `..` segment, a NUL
 * byte, and more than 65,535 bytes (APPNOTE 4.4.10).
 */
export function checkEntryName(name: Uint8Array, text: string = asBuffer(name).toString("latin1")): void {
	const segments = text.endsWith("/") ? text.slice(0, -1) : text;
	if (name.byteLength <= U16_MAX && !REFUSED.test(segments)) return;
	const refuse = (reason: string) => {
		throw new InvalidEntryNameError(displayName(name), reason);
	};
	if (name.byteLength === 0) refuse("is empty");
	if (name.byteLength > U16_MAX) refuse(`has ${name.byteLength} bytes; a ZIP holds at most 65,535`);
	if (name[0] === SLASH) refuse("is absolute");
	if (name.includes(0)) refuse("has a NUL byte");
	let start = 0;
	for (let end = 0; end <= name.byteLength; end++) {
		if (end < name.byteLength && name[end] !== SLASH) continue;
		const length = end - start;
		const trailingSlash = end === name.byteLength && length === 0;
		if (length === 0 && !trailingSlash) refuse("has an empty segment");
		if (length === 1 && name[start] === DOT) refuse('has a "." segment');
		if (length === 2 && name[start] === DOT && name[start + 1] === DOT) refuse('has a ".." segment');
		start = end + 1;
	}
}

/**
 * Whether a name must be marked as UTF-8 (APPNOTE 4.4.4, bit 11): valid UTF-8 that is not plain ASCII.
 * Other bytes go unmarked, as every Unix tool has written them; marking pure ASCII would only make
 * libzip refuse names with control characters.
 */
export function isNonAsciiUtf8(bytes: Uint8Array): boolean {
	return !isAscii(bytes) && isUtf8(bytes);
}

export function isAscii(bytes: Uint8Array): boolean {
	return buffer.isAscii(bytes);
}

export function isUtf8(bytes: Uint8Array): boolean {
	return buffer.isUtf8(bytes);
}

/** The same bytes, with the methods of a Buffer. */
function asBuffer(bytes: Uint8Array): Buffer {
	return bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A name as text for messages; bytes that are no UTF-8 show as U+FFFD. Not escaped for a terminal. */
export function displayName(name: Uint8Array): string {
	return asBuffer(name).toString("utf8");
}
