import { SourceError } from "../../../errors.ts";
import { FilesAbove } from "../../../sources/names/files-above.ts";
import { displayName } from "../../../zip/format/entry-name.ts";
import { DuplicateEntryError } from "../../../zip/format/entry-name-errors.ts";

/**
 * Looks whether names can be in one archive, while they come in the order of their bytes: what would collide stands beside each other
 * then, or below an open file, so next to nothing is held.
 */
export class NameOrder {
	readonly #above = new FilesAbove();
	#last: { readonly name: string; readonly of: { readonly origin: string } } | undefined;

	/**
	 * @param name - As a byte string.
	 * @param of - Where it is, asked only if there is something to say of it.
	 * @throws {DuplicateEntryError}
	 * @throws {SourceError} `SOURCE_UNREADABLE` for a source that is not in order
	 */
	add(name: string, of: { readonly origin: string }): void {
		const last = this.#last;
		this.#last = { name, of };
		if (last !== undefined && name <= last.name) {
			if (name === last.name) throw new DuplicateEntryError(shown(name), [last.of.origin, of.origin]);
			const problem = `${of.origin} does not come in the order of names: "${shown(name)}" is behind "${shown(last.name)}"`;
			throw new SourceError("SOURCE_UNREADABLE", problem, { origin: of.origin });
		}
		this.#above.add(name, of);
	}
}

function shown(name: string): string {
	return displayName(Buffer.from(name, "latin1"));
}
