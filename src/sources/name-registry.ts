import { DuplicateEntryError } from "../errors.ts";
import type { Entry } from "../zip/entry.ts";
import { displayName } from "../zip/format/entry-name.ts";
import { foldedName } from "./portable-names.ts";

/**
 * Remembers the names of an archive to be, and refuses what could not be extracted side by side: a name
 * given twice, and a name that is a file here and a directory, or the parent of something, there.
 */
export class NameRegistry {
	readonly #foldCase: boolean;
	/** Origins by path; directories without their `/`. */
	readonly #files = new Map<string, string>();
	readonly #directories = new Map<string, string>();
	/** Paths that something is in, and the origin of the first such thing. */
	readonly #parents = new Map<string, string>();

	/** @param foldCase - Names that differ in case only count as the same. */
	constructor(foldCase: boolean) {
		this.#foldCase = foldCase;
	}

	/** @throws {DuplicateEntryError} */
	add(entry: Pick<Entry, "name" | "kind" | "origin">): void {
		const name = this.#foldCase ? foldedName(entry.name) : Buffer.from(entry.name).toString("latin1");
		const path = name.endsWith("/") ? name.slice(0, -1) : name;
		const directory = entry.kind === "directory";
		refuse(entry, this.#files.get(path) ?? this.#directories.get(path));
		if (!directory) refuse(entry, this.#parents.get(path));
		for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
			const parent = path.slice(0, end);
			if (this.#parents.has(parent)) break; // and so have its own
			refuse(entry, this.#files.get(parent));
			this.#parents.set(parent, entry.origin);
		}
		(directory ? this.#directories : this.#files).set(path, entry.origin);
	}
}

function refuse(entry: Pick<Entry, "name" | "origin">, earlier: string | undefined): void {
	if (earlier !== undefined) throw new DuplicateEntryError(displayName(entry.name), [earlier, entry.origin]);
}
