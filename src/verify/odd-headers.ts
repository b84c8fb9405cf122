import type { EntryFacts } from "../reader/entry.ts";
import type { ArchiveFinding } from "./finding.ts";
import { hasOwnForm, hasOwnVersion } from "./own-entry.ts";

/** Headers that are kept. */
const MOST = 1_000;

/**
 * Central headers that are nearly those of zipferry: they say its version and have other fields, or the other way round. In an
 * archive that it has made, that is damage; entries that other programs have added are neither.
 */
export class OddHeaders {
	readonly #found: ArchiveFinding[] = [];

	offer(entry: EntryFacts): void {
		const ownVersion = hasOwnVersion(entry);
		if (ownVersion === hasOwnForm(entry) || this.#found.length === MOST) return;
		const message = ownVersion
			? "has other fields in its directory header than zipferry writes"
			: "has another version in its directory header than zipferry writes";
		this.#found.push({ structure: "directory", entryName: entry.name, offset: undefined, message });
	}

	findings(): readonly ArchiveFinding[] {
		return this.#found;
	}
}
