import { ArchiveError } from "../../reader/archive-error.ts";
import { ExtractError } from "../extract-error.ts";
import type { PlacedEntry } from "../target.ts";
import { NameTable } from "./name-table.ts";

/** Suspicions that are looked into; more are no accident. */
const MOST_SUSPECTS = 1000;

/** A path that several entries claim. */
interface Claims {
	/** The entry that has it as its own. */
	own: PlacedEntry | undefined;
	/** The first entry that needs it as a directory. */
	below: PlacedEntry | undefined;
}

/** The second of two entries that cannot be there side by side, and why. */
interface Conflict {
	readonly name: string;
	readonly reason: string;
}

/** Refuses names that cannot be there side by side. */
export class NameCheck {
	readonly #location: string;
	readonly #keyOf: (path: string) => string;
	readonly #table = new NameTable();
	/** Hashes of keys that may be in conflict. */
	readonly #suspects = new Set<number>();

	/**
	 * @param location - Of the archive.
	 * @param keyOf - Paths with the same key are the same.
	 */
	constructor(location: string, keyOf: (path: string) => string) {
		this.#location = location;
		this.#keyOf = keyOf;
	}

	/** @throws {ExtractError} `SIZE_LIMIT` for more paths than any archive has that is meant well. */
	add({ path, kind }: PlacedEntry): void {
		for (const suspect of this.#table.add(this.#keyOf(path), kind === "directory"))
			this.#suspects.add(suspect);
		if (this.#table.isFull || this.#suspects.size > MOST_SUSPECTS)
			throw new ExtractError("SIZE_LIMIT", `${this.#location}: has more paths than can be compared`);
	}

	/**
	 * Compares names whose hashes are the same.
	 *
	 * @param entries - Those that were added, once more.
	 * @throws {ArchiveError} `INVALID_ARCHIVE`
	 */
	async refuseConflict(entries: () => AsyncIterable<PlacedEntry>): Promise<void> {
		if (this.#suspects.size === 0) return;
		const claims = new Map<string, Claims>();
		for await (const entry of entries()) {
			const conflict = this.#conflictOf(entry, claims);
			if (conflict === undefined) continue;
			const { name, reason } = conflict;
			throw new ArchiveError("INVALID_ARCHIVE", reason, { location: this.#location, entryName: name });
		}
	}

	#conflictOf(entry: PlacedEntry, claims: Map<string, Claims>): Conflict | undefined {
		const key = this.#keyOf(entry.path);
		const hashes = this.#table.hashesOf(key);
		if (!hashes.some((hash) => this.#suspects.has(hash))) return undefined;
		const segments = key.split("/");
		for (const [index, hash] of hashes.entries()) {
			if (!this.#suspects.has(hash)) continue;
			const path = segments.slice(0, index + 1).join("/");
			const conflict = claim(claims, path, entry, index < segments.length - 1);
			if (conflict !== undefined) return conflict;
		}
		return undefined;
	}
}

function claim(
	claims: Map<string, Claims>,
	key: string,
	entry: PlacedEntry,
	isAbove: boolean,
): Conflict | undefined {
	const known = claims.get(key) ?? { own: undefined, below: undefined };
	claims.set(key, known);
	const { own, below } = known;
	if (isAbove) {
		known.below ??= entry;
		if (own === undefined || own.kind === "directory") return undefined;
		return { name: entry.name, reason: `is in what is no directory: the entry "${own.name}"` };
	}
	known.own ??= entry;
	if (own !== undefined) {
		const same = own.name === entry.name;
		return {
			name: entry.name,
			reason: same ? "is there more than once" : `would be in the place of the entry "${own.name}"`,
		};
	}
	if (below === undefined || entry.kind === "directory") return undefined;
	return { name: entry.name, reason: `is no directory, but the entry "${below.name}" is in it` };
}
