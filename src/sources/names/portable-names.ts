import { displayName, isUtf8 } from "../../zip/format/entry-name.ts";

/** Characters that Windows allows in no name, and `\`, which it and many readers take for a separator. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
const FORBIDDEN = /[\u0000-\u001f<>:"|?*\\\u007f\ufffd]/g;
/** Devices of DOS, with any extension. */
const DEVICES = "(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\\$|conout\\$)(\\.[^/]*)?";
const RESERVED = new RegExp(`^${DEVICES}$`, "i");
const TRAILING = /[. ]+$/;
/** All of that anywhere in a name: almost every name has none of it, and is asked once. */
const OBJECTIONABLE = new RegExp(`${FORBIDDEN.source}|[. ](/|$)|(^|/)${DEVICES}(/|$)`, "i");

/**
 * Whether a name is taken as it is by Windows and by strict readers.
 *
 * @param text - The same as text, where that is at hand.
 */
export function isPortableName(name: Uint8Array, text: string = displayName(name)): boolean {
	return isUtf8(name) && !OBJECTIONABLE.test(text);
}

/**
 * A name that every system takes, as near to the given one as possible: characters that are not allowed
 * become `_`, and so do dots and spaces at the end of a segment; a reserved name gets a `_` in front.
 */
export function portableName(name: Uint8Array): Uint8Array {
	return Buffer.from(portableText(displayName(name)), "utf8");
}

/**
 * The form in which Windows and macOS compare names: upper and lower case, and the two ways to encode an accent,
 * are the same to them. Character by character, as they do: `ß` is not `ss`.
 */
export function foldedName(name: string): string {
	if (ASCII.test(name)) return name.toLowerCase();
	let folded = "";
	for (const character of name.normalize("NFC")) folded += foldedCharacter(character);
	return folded.normalize("NFC");
}

const ASCII = /^[\0-\x7f]*$/;

function foldedCharacter(character: string): string {
	if (ASCII.test(character)) return character.toLowerCase();
	const upper = character.toUpperCase();
	const folded = isOneCharacter(upper) ? upper.toLowerCase() : character;
	// The dotless i and the long s are letters of their own.
	return isOneCharacter(folded) && !ASCII.test(folded) ? folded : character;
}

function isOneCharacter(text: string): boolean {
	return text.length === 1 || (text.length === 2 && (text.codePointAt(0) ?? 0) > 0xffff);
}

function portableText(name: string): string {
	return name.split("/").map(portableSegment).join("/");
}

function portableSegment(segment: string): string {
	const allowed = segment.replace(FORBIDDEN, "_").replace(TRAILING, (end) => "_".repeat(end.length));
	return RESERVED.test(allowed) ? `_${allowed}` : allowed;
}
