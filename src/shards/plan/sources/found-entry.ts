import type { EntryPin, PinnedSource } from "../../../sources/pins/entry-pin.ts";
import type { ObjectRange } from "../../../storage/parts/object-range.ts";

/** Something that was found and is to be archived. */
export interface FoundEntry {
	/** In the archive, as a byte string (latin1). */
	readonly name: string;
	/** Index among all {@link PinnedSources}. */
	readonly source: number;
	readonly pin: EntryPin;
	/** There if the storage that the archive goes to has its content already, as it is. */
	readonly stored?: Pick<ObjectRange, "source" | "etag"> | undefined;
	/** For messages; worked out if it is asked for. */
	readonly of: { readonly origin: string };
}

/** The sources of an archive, each once. */
export class PinnedSources {
	readonly #indexes = new Map<string, number>();
	readonly all: PinnedSource[] = [];

	/** Its index. */
	add(source: PinnedSource): number {
		const key = JSON.stringify(source);
		const known = this.#indexes.get(key);
		if (known !== undefined) return known;
		this.#indexes.set(key, this.all.length);
		return this.all.push(source) - 1;
	}
}
