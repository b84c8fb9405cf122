import type { NamedEntry } from "../../sources/entry-source.ts";
import type { KeptEntries } from "./kept-entries.ts";
import { named } from "./merged-names.ts";
import { directoriesAbove, fileAndDirectory, meet, parentOf, textOf } from "./names.ts";

/** The names of entries that are added to archives, and what they mean for those that are there. */
export class AddedNames {
	readonly #kept: KeptEntries;
	readonly #replace: boolean;
	readonly #replacing = new Set<string>();
	/** Names of directories that something is in, and the place of the first such entry; filled when it is asked for. */
	#parents: Map<string, readonly [archive: number, index: number]> | undefined;

	/** @param replace - Whether what is added takes the place of what is there. */
	constructor(kept: KeptEntries, replace: boolean) {
		this.#kept = kept;
		this.#replace = replace;
	}

	/**
	 * Takes notice of an entry that is added.
	 *
	 * @returns whether it goes into the archive: a directory that is there already does not.
	 * @throws {DuplicateEntryError}
	 */
	add(entry: NamedEntry): boolean {
		const { archives } = this.#kept;
		let stays = true;
		for (const [number, { entries }] of archives.entries()) {
			const index = entries.indexOf(entry.name);
			if (index !== undefined && this.#kept.isKept(number, index)) {
				if (meet(named(this.#kept, number, index), entry, this.#replace) === "second") {
					this.#kept.leaveOut(number, index);
					this.#replacing.add(textOf(entry.name));
				} else stays = false;
			}
			for (const directory of directoriesAbove(entry.name)) {
				const above = entries.indexOf(directory);
				if (above === undefined) continue;
				const there = named(this.#kept, number, above);
				if (there.kind !== "directory") throw fileAndDirectory(there, entry);
			}
		}
		if (entry.kind === "directory") return stays;
		this.#parents ??= this.#findParents();
		const inside = this.#parents.get(textOf(entry.name));
		if (inside !== undefined) throw fileAndDirectory(named(this.#kept, ...inside), entry);
		return stays;
	}

	/** Names, one character for each byte, of entries that take the place of what is there: without them it would be lost. */
	get replacing(): ReadonlySet<string> {
		return this.#replacing;
	}

	/** Whether an entry is one that the archive has already, and keeps. */
	isThere({ name }: Pick<NamedEntry, "name">): boolean {
		return this.#kept.archives.some(({ entries }, number) => {
			const index = entries.indexOf(name);
			return index !== undefined && this.#kept.isKept(number, index);
		});
	}

	#findParents(): Map<string, readonly [number, number]> {
		const parents = new Map<string, readonly [number, number]>();
		for (const [number, { entries }] of this.#kept.archives.entries()) {
			let parent: string | undefined;
			for (let index = 0; index < entries.count; index++) {
				const { rawName } = entries.factsOf(index);
				const own = parentOf(rawName);
				if (own === parent) continue;
				parent = own;
				for (const directory of directoriesAbove(rawName)) {
					const text = textOf(directory);
					if (!parents.has(text)) parents.set(text, [number, index]);
				}
			}
		}
		return parents;
	}
}
