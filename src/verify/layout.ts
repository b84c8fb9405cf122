import { formatNumber } from "../bytes/units.ts";
import type { EntryFacts } from "../reader/entry.ts";
import { LOCAL_HEADER_LENGTH } from "../reader/local-header.ts";
import { U16_MAX } from "../zip/format/limits.ts";
import { hasOwnForm, hasOwnVersion, ownLengths } from "./own-entry.ts";

/** Bytes of a data descriptor at most, with signature and 8-byte sizes (APPNOTE 4.3.9). */
const LONGEST_DESCRIPTOR = 24;
/** Bytes of extra fields and data descriptor, which only the local header tells. */
const FOREIGN_SLACK = U16_MAX + LONGEST_DESCRIPTOR;

/** Where an entry does not meet the next one. */
export interface LayoutFlaw {
	/** Position of the entry in the directory; `undefined` if it is about the beginning of the archive. */
	readonly index: number | undefined;
	readonly offset: number;
	/** In words that go on behind the name of the entry, or of the archive. */
	readonly message: string;
}

/**
 * Where the entries of an archive lie, and whether they fill it without gaps and do not overlap. 21 bytes of memory for an entry.
 *
 * The central directory does not say how long local headers are. Those of zipferry's entries are known all the same; for others
 * there is a least and a greatest length.
 */
export class Layout {
	readonly #starts: Float64Array;
	/** The byte behind each entry, at least. */
	readonly #leastEnds: Float64Array;
	/** Bytes that it may be longer. */
	readonly #slacks: Uint32Array;
	/** Whether zipferry has made it: then it has one of the two lengths, and none between. */
	readonly #own: Uint8Array;
	#count = 0;
	#ownCount = 0;
	#rising = true;
	#overlaps = false;

	constructor(entryCount: number) {
		this.#starts = new Float64Array(entryCount);
		this.#leastEnds = new Float64Array(entryCount);
		this.#slacks = new Uint32Array(entryCount);
		this.#own = new Uint8Array(entryCount);
	}

	/** To be called for each entry, in the order of the directory. */
	add(entry: EntryFacts): void {
		const at = this.#count++;
		const { offset } = entry;
		this.#starts[at] = offset;
		if (at > 0 && offset < (this.#starts[at - 1] ?? 0)) this.#rising = false;
		if (hasOwnForm(entry)) {
			const [least, other = least] = ownLengths(entry);
			this.#leastEnds[at] = offset + least;
			this.#slacks[at] = other - least;
			this.#own[at] = 1;
			if (hasOwnVersion(entry)) this.#ownCount++;
		} else {
			this.#leastEnds[at] = offset + LOCAL_HEADER_LENGTH + entry.rawName.byteLength + entry.compressedSize;
			this.#slacks[at] = FOREIGN_SLACK;
		}
	}

	/** Whether zipferry has made the archive, as most of its entries say. */
	get isOwn(): boolean {
		return this.#count > 0 && this.#ownCount * 2 >= this.#count;
	}

	/** Whether the entries lie in the order of the directory. */
	get rising(): boolean {
		return this.#rising;
	}

	startOf(index: number): number {
		return this.#starts[index] ?? 0;
	}

	/** Whether entries overlap; known when all flaws have been looked at. */
	get overlaps(): boolean {
		return this.#overlaps;
	}

	/** Where the entries begin, in the order in which they lie. */
	sortedStarts(order: Uint32Array | undefined): Float64Array {
		return order === undefined ? this.#starts : Float64Array.from(order, (index) => this.startOf(index));
	}

	/** Positions in the directory, in the order in which the entries lie; `undefined` if it is the same. */
	order(): Uint32Array | undefined {
		if (this.#rising) return undefined;
		const order = Uint32Array.from(this.#starts, (_, index) => index);
		return order.sort((one, other) => this.startOf(one) - this.startOf(other) || one - other);
	}

	/**
	 * The flaws, from the beginning of the archive to its directory.
	 *
	 * @param order - As {@link order} gives it.
	 */
	*flaws(order: Uint32Array | undefined, directoryStart: number): Generator<LayoutFlaw, void, void> {
		const count = this.#count;
		const at = (position: number) => order?.[position] ?? position;
		const first = count === 0 ? directoryStart : this.startOf(at(0));
		if (first > 0)
			yield {
				index: undefined,
				offset: 0,
				message: `has ${bytes(first)} before its first entry that belong to none`,
			};
		for (let position = 0; position < count; position++) {
			const index = at(position);
			const next = position + 1 < count ? this.startOf(at(position + 1)) : directoryStart;
			const message = this.#flawOf(index, next, position + 1 === count ? "the directory" : "the next entry");
			if (message !== undefined) yield { index, offset: this.startOf(index), message };
		}
	}

	#flawOf(index: number, next: number, what: string): string | undefined {
		const least = this.#leastEnds[index] ?? 0;
		const slack = this.#slacks[index] ?? 0;
		if (next < least) this.#overlaps = true;
		if (next < least) return `overlaps ${what} by ${bytes(least - next)}`;
		const exact = this.#own[index] === 1 && this.isOwn;
		const more = next - least;
		if (exact ? more === 0 || more === slack : more <= FOREIGN_SLACK) return undefined;
		const own = exact ? (more < slack ? 0 : slack) : FOREIGN_SLACK;
		return `is followed by ${bytes(more - own)} that belong to no entry, before ${what}`;
	}
}

export function bytes(count: number): string {
	return `${formatNumber(count)} ${count === 1 ? "byte" : "bytes"}`;
}
