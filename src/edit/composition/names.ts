import type { EntryKind } from "../../reader/entry.ts";
import { displayName } from "../../zip/format/entry-name.ts";
import { DuplicateEntryError } from "../../zip/format/entry-name-errors.ts";

/** An entry, as names are compared. */
export interface Named {
	readonly name: Uint8Array;
	readonly kind: EntryKind;
	/** For messages. */
	readonly origin: string;
}

const SLASH = 0x2f;

/** What becomes of two entries of one name. */
export type Meeting = "first" | "second";

/**
 * Decides between two entries of one name. A directory that both have is no contradiction: it is there once.
 *
 * @param replace - Whether the second one takes the place of the first.
 * @returns which of them stays
 * @throws {DuplicateEntryError}
 */
export function meet(first: Named, second: Named, replace: boolean): Meeting {
	const areDirectories = [first, second].map(({ kind }) => kind === "directory");
	if (areDirectories[0] !== areDirectories[1]) throw fileAndDirectory(first, second);
	if (replace) return "second";
	if (areDirectories[0]) return "first";
	throw new DuplicateEntryError(displayName(second.name), [first.origin, second.origin], undefined, {
		kind: "set-option",
		option: "replace",
		value: true,
		purpose: "to keep the later one of them",
	});
}

export function fileAndDirectory(first: Pick<Named, "origin">, second: Named): DuplicateEntryError {
	const origins = [first.origin, second.origin] as const;
	return new DuplicateEntryError(
		displayName(second.name),
		origins,
		"one has a file where the other has a directory",
	);
}

/** The names of the directories that an entry is in, the outermost first, without their slashes. */
export function* directoriesAbove(name: Uint8Array): Generator<Uint8Array, void, void> {
	for (let at = name.indexOf(SLASH); at >= 0 && at < name.byteLength - 1; at = name.indexOf(SLASH, at + 1))
		if (at > 0) yield name.subarray(0, at);
}

/** The name of the directory that an entry is in, as a key for maps. */
export function parentOf(name: Uint8Array): string {
	const end = name[name.byteLength - 1] === SLASH ? name.byteLength - 2 : name.byteLength - 1;
	return textOf(name.subarray(0, Math.max(0, name.lastIndexOf(SLASH, end))));
}

/** The bytes of a name, one character each, without the slash at its end. */
export function textOf(name: Uint8Array): string {
	const text = Buffer.from(name.buffer, name.byteOffset, name.byteLength).toString("latin1");
	return text.endsWith("/") ? text.slice(0, -1) : text;
}
