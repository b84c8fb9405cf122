import { displayName } from "../../zip/format/entry-name.ts";
import { DuplicateEntryError } from "../../zip/format/entry-name-errors.ts";
import type { NamedEntry } from "../entry-source.ts";
import { foldedName, portableName } from "./portable-names.ts";

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
	/** Names as their sources give them, by path, where they differ from it. */
	readonly #given = new Map<string, string>();

	/** @param foldCase - Names that differ in case only count as the same. */
	constructor(foldCase: boolean) {
		this.#foldCase = foldCase;
	}

	/** @throws {DuplicateEntryError} */
	add(entry: NamedEntry): void {
		const name = this.#foldCase
			? foldedName(displayName(entry.name))
			: Buffer.from(entry.name).toString("latin1");
		const path = withoutSlash(name);
		const directory = entry.kind === "directory";
		this.#refuse(entry, path, this.#files.get(path) ?? this.#directories.get(path));
		if (!directory) this.#refuse(entry, path, this.#parents.get(path));
		for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
			const parent = path.slice(0, end);
			if (this.#parents.has(parent)) break; // and so have its own
			this.#refuse(entry, parent, this.#files.get(parent));
			this.#parents.set(parent, entry.origin);
		}
		(directory ? this.#directories : this.#files).set(path, entry.origin);
		if (!this.#foldCase) return;
		const given = givenName(entry);
		if (given !== path) this.#given.set(path, given);
	}

	#refuse(entry: NamedEntry, path: string, earlier: string | undefined): void {
		if (earlier === undefined) return;
		const { name, origin } = entry;
		const first = this.#foldCase ? (this.#given.get(path) ?? path) : undefined;
		throw new DuplicateEntryError(displayName(name), [earlier, origin], reasonOf(first, givenName(entry)));
	}
}

/** Why two names are one, if they are not the same to begin with. */
function reasonOf(first: string | undefined, second: string): string | undefined {
	if (first === undefined || first === second || second.startsWith(`${first}/`)) return undefined;
	const [portable, other] = [first, second].map((name) => displayName(portableName(Buffer.from(name))));
	return portable === other
		? `both become "${portable}"`
		: "they differ only in upper and lower case, or in how an accent is encoded, and are one name to Windows and macOS";
}

function givenName({ name, givenName: given = name }: NamedEntry): string {
	return withoutSlash(displayName(given));
}

function withoutSlash(name: string): string {
	return name.endsWith("/") ? name.slice(0, -1) : name;
}
