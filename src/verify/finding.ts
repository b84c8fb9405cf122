import { ArchiveError } from "../reader/archive-error.ts";

/** The part of an archive that a finding is about. `object` is the object in a bucket as a whole. */
export type ArchiveStructure =
	| "end-records"
	| "directory"
	| "layout"
	| "local-header"
	| "data"
	| "data-descriptor"
	| "object";

/** Something in an archive that is damaged, or contradicts the rest. */
export interface ArchiveFinding {
	/** The structure that is hurt. */
	readonly structure: ArchiveStructure;
	/** The entry that it belongs to, as text; `undefined` if it belongs to none. */
	readonly entryName: string | undefined;
	/** Byte of the archive where the structure begins, from 0; `undefined` if none is to blame. */
	readonly offset: number | undefined;
	/** What is wrong, in words that go on behind the name of the entry, or of the archive. */
	readonly message: string;
}

/** Findings that are kept. */
const MOST_FINDINGS = 1_000;

/** The findings of a run: all are counted, the first ones are kept. */
export class Findings {
	readonly #kept: ArchiveFinding[] = [];
	#count = 0;

	get count(): number {
		return this.#count;
	}

	add(finding: ArchiveFinding): void {
		this.#count++;
		if (this.#kept.length < MOST_FINDINGS) this.#kept.push(finding);
	}

	/** @throws what is no damage: a storage that refuses, an archive that was replaced. */
	addError(structure: ArchiveStructure, error: unknown): void {
		if (!(error instanceof ArchiveError) || error.code === "ARCHIVE_CHANGED") throw error;
		const { entryName, offset, reason } = error;
		this.add({ structure, entryName, offset, message: reason });
	}

	/** In the order of the archive; those of no place come last. */
	sorted(): readonly ArchiveFinding[] {
		const placed = this.#kept.filter(({ offset }) => offset !== undefined);
		const others = this.#kept.filter(({ offset }) => offset === undefined);
		return [...placed.toSorted((one, other) => (one.offset ?? 0) - (other.offset ?? 0)), ...others];
	}
}
