import type { EntryFacts } from "../../reader/entry.ts";
import { isPortableName } from "../../sources/names/portable-names.ts";

/** Bytes of a name in a directory, on all systems that matter. */
const LONGEST_SEGMENT = 255;
/** Directories that are deeper are nobody's work, but somebody's attack. */
const MOST_SEGMENTS = 1000;

const DRIVE = /^[a-z]:[\\/]/i;
/** Of names that are to be looked at closely. */
const SUSPECT = /[\0\\]|(^|\/)\.{0,2}(\/|$)|^[a-z]:/i;

/** A name in ASCII is its own byte string: whatever it was read as, each character stands for one byte. */
const ASCII = /^[\0-\x7f]*$/;

/** The path of an entry below the target, or why it cannot have one. */
export type EntryPath =
	/** As a byte string, `/`-separated, without a slash at its end; empty for the target itself. */
	| { readonly path: string }
	/** In words that go on behind the name of the entry. */
	| { readonly reason: string };

/**
 * Where an entry goes below its target. Segments that say nothing, empty or `.`, are left out. What would lead out of the target on
 * any system is refused on every system: `..` between slashes or backslashes, absolute paths of Unix and
 * Windows. Other backslashes and colons are characters like others, but on Windows.
 */
export function entryPath(entry: Pick<EntryFacts, "name" | "pathBytes">, onWindows: boolean): EntryPath {
	const { pathBytes } = entry;
	const name = ASCII.test(entry.name) ? entry.name : byteStringOf(pathBytes);
	if (onWindows && !isPortableName(pathBytes) && !SUSPECT.test(name))
		return { reason: "has a name that Windows does not take" };
	const ending = name.endsWith("/") ? name.slice(0, -1) : name;
	if (!SUSPECT.test(ending)) return checked(ending);
	if (name.includes("\0")) return { reason: "has a NUL byte in its name" };
	if (name.startsWith("/") || name.startsWith("\\") || DRIVE.test(name))
		return { reason: "has an absolute path as its name" };
	if (name.split(/[/\\]/).includes(".."))
		return { reason: 'would leave the target: it has ".." in its name' };
	if (onWindows && /[\\:]/.test(name)) return { reason: "has a name that Windows does not take" };
	return checked(
		name
			.split("/")
			.filter((segment) => segment !== "" && segment !== ".")
			.join("/"),
	);
}

function byteStringOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
	return Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
}

function checked(path: string): EntryPath {
	if (path.length <= LONGEST_SEGMENT) return { path };
	const segments = path.split("/");
	if (segments.length > MOST_SEGMENTS) return { reason: "lies in more than 1,000 directories" };
	if (segments.some(({ length }) => length > LONGEST_SEGMENT))
		return { reason: "has a name that is longer than 255 bytes" };
	return { path };
}

/** The path without its first segments; `undefined` if there are no more. */
export function stripSegments(path: string, count: number): string | undefined {
	let start = 0;
	for (let left = count; left > 0; left -= 1) {
		const slash = path.indexOf("/", start);
		if (slash < 0) return undefined;
		start = slash + 1;
	}
	return path.slice(start);
}
