import type { ServedPath } from "../tree/served-tree.ts";

/** What the target of a request asks for. */
export interface ServedTarget {
	readonly path: ServedPath;
	/** Whether it ends in a slash. */
	readonly isFolder: boolean;
	/** Whether the archive of the folder is wanted. */
	readonly zip: boolean;
	/** The version of the archive that the link was made for. */
	readonly version: string | undefined;
}

/** What no name in a path has: here a second name would begin, or one outside. */
const NO_NAME = process.platform === "win32" ? /[/\\:\0]/ : /[/\0]/;

const ESCAPE = /%([\da-f]{2})/gi;

/**
 * Reads the target of a request. It is decoded once, and then split no more: what is `..`, or a slash or NUL character in
 * the middle of a name, names nothing.
 *
 * @returns the status of the refusal for what can be the name of nothing.
 */
export function readTarget(target: string): ServedTarget | 400 | 404 {
	const [, written, query = ""] = /^([^?#]*)(?:\?([^#]*))?$/.exec(target) ?? [];
	if (written === undefined || !written.startsWith("/")) return 400;
	const segments: string[] = [];
	for (const segment of written.slice(1).split("/")) {
		const name = decodeBytes(segment);
		if (name === undefined) return 400;
		segments.push(name);
	}
	const isFolder = segments.at(-1) === "";
	const path = isFolder ? segments.slice(0, -1) : segments;
	if (path.some((name) => name === "" || name === "." || name === ".." || NO_NAME.test(name))) return 404;
	const version = new URLSearchParams(query).get("zip");
	return { path, isFolder, zip: version !== null, version: version || undefined };
}

/** Percent escapes as bytes; what stands there as it is has to be ASCII. */
function decodeBytes(segment: string): string | undefined {
	if (!/^[\x20-\x7e]*$/.test(segment)) return undefined;
	if (segment.replace(ESCAPE, "").includes("%")) return undefined;
	return segment.replace(ESCAPE, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** A name in a path of a URL. */
export function encodeName(name: string): string {
	return Array.from(Buffer.from(name, "latin1"), (byte) => {
		const character = String.fromCharCode(byte);
		if (/[\w.~-]/.test(character)) return character;
		return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
	}).join("");
}
