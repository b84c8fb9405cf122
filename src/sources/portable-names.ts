import { displayName, isUtf8 } from "../zip/format/entry-name.ts";

/** Characters that Windows allows in no name, and `\`, which it and many readers take for a separator. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
const FORBIDDEN = /[\u0000-\u001f<>:"|?*\\\u007f\ufffd]/g;
/** Devices of DOS, with any extension. */
const DEVICES = "(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\\$|conout\\$)(\\.[^/]*)?";
const RESERVED = new RegExp(`^${DEVICES}$`, "i");
const TRAILING = /[. ]+$/;
/** All of that anywhere in a name: almost every name has none of it, and is asked once. */
const OBJECTIONABLE = new RegExp(`${FORBIDDEN.source}|[. ](/|$)|(^|/)${DEVICES}(/|$)`, "i");

/** Whether a name is taken as it is by Windows and by strict readers. */
export function isPortableName(name: Uint8Array): boolean {
	return isUtf8(name) && !OBJECTIONABLE.test(displayName(name));
}

/**
 * A name that every system takes, as near to the given one as possible: characters that are not allowed
 * become `_`, and so do dots and spaces at the end of a segment; a reserved name gets a `_` in front.
 */
export function portableName(name: Uint8Array): Uint8Array {
	return Buffer.from(portableText(displayName(name)), "utf8");
}

/** The same for names that a file system without upper and lower case, or with composed accents, confuses. */
export function foldedName(name: Uint8Array): string {
	return displayName(name).normalize("NFC").toLowerCase();
}

function portableText(name: string): string {
	return name.split("/").map(portableSegment).join("/");
}

function portableSegment(segment: string): string {
	const allowed = segment.replace(FORBIDDEN, "_").replace(TRAILING, (end) => "_".repeat(end.length));
	return RESERVED.test(allowed) ? `_${allowed}` : allowed;
}
