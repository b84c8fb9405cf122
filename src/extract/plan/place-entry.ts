import type { EntryFacts } from "../../reader/entry.ts";
import type { Selection } from "../../reader/selection.ts";
import { textOf } from "../../sources/files/place.ts";
import { unsafeEntry } from "../extract-error.ts";
import type { PlacedEntry } from "../target.ts";
import { entryPath, stripSegments } from "./entry-path.ts";

/** How entries find their places. */
export interface Placing {
	/** Of the archive, for messages. */
	readonly location: string;
	readonly stripComponents: number;
	readonly onWindows: boolean;
}

/**
 * The place of an entry. Looks at the names of all, also of those that are not extracted: an archive with a name that leads out of
 * the target is not to be trusted.
 *
 * @param selection - Decides; `undefined` if the entry has been selected.
 * @returns `undefined` if it is not extracted.
 * @throws {ExtractError} `UNSAFE_ENTRY`
 */
export function placeEntry(
	entry: EntryFacts,
	{ location, stripComponents, onWindows }: Placing,
	selection?: Selection,
): PlacedEntry | undefined {
	const found = entryPath(entry, onWindows);
	if ("reason" in found) throw unsafeEntry(location, entry.name, found.reason);
	const isDirectory = entry.kind === "directory";
	if (selection?.takes(`${textOf(found.path)}${isDirectory ? "/" : ""}`) === false) return undefined;
	const path = stripSegments(found.path, stripComponents);
	if (path === undefined) return undefined;
	if (path !== "") return Object.assign(entry, { path });
	if (isDirectory) return undefined; // the target itself
	throw unsafeEntry(location, entry.name, "has no name of its own");
}
