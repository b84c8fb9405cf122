import type { Batches } from "../../async/batches.ts";
import type { ArchiveReader } from "../../reader/archive-reader.ts";
import type { EntryFacts } from "../../reader/entry.ts";
import type { Layout } from "../layout.ts";
import { type Sample, sampleOf } from "../sample.ts";
import type { Piece } from "./pieces.ts";

/**
 * Local headers that are looked at besides those at the borders: so many groups of neighbours. Neighbours come with one request,
 * as a rule: it reads through data that lies between them, up to 256 KiB.
 */
const GROUPS = 6;
const GROUP_SIZE = 11;
/** Borders that are looked at: each side costs a request. */
const MOST_SEAMS = 512;

/**
 * Chooses the local headers that stand for all: the first, the last, some groups of others, and those on both sides of every seam, where
 * an entry is not followed by the one that follows it in the directory: there, an archive was put together.
 */
export class HeaderChoice {
	readonly #groups: Sample;
	#inChosenGroup = false;
	readonly #seed: string;
	readonly #count: number;
	readonly #chosen: EntryFacts[] = [];

	constructor(entryCount: number, seed: string) {
		this.#count = entryCount;
		this.#seed = seed;
		this.#groups = sampleOf(Math.ceil(entryCount / GROUP_SIZE), GROUPS, seed);
	}

	/** To be called for each entry, in the order of the directory. */
	offer(entry: EntryFacts): void {
		const { index } = entry;
		if (index % GROUP_SIZE === 0) this.#inChosenGroup = this.#groups.next();
		if (this.#inChosenGroup || index === 0 || index === this.#count - 1) this.#chosen.push(entry);
	}

	/** The chosen entries, in the order in which they lie. */
	async *pieces(
		reader: ArchiveReader,
		layout: Layout,
		order: Uint32Array | undefined,
		signal: AbortSignal | undefined,
	): Batches<Piece> & AsyncGenerator<Iterable<Piece>, void, void> {
		const chosen = order === undefined ? this.#chosen : await this.#withSeams(reader, order, signal);
		const { directoryStart } = reader.end;
		const starts = layout.sortedStarts(order);
		const pieceOf = (entry: EntryFacts): Piece => ({
			entry,
			next: firstAbove(starts, entry.offset) ?? directoryStart,
		});
		yield chosen.toSorted((one, other) => one.offset - other.offset).map(pieceOf);
	}

	async #withSeams(
		reader: ArchiveReader,
		order: Uint32Array,
		signal: AbortSignal | undefined,
	): Promise<readonly EntryFacts[]> {
		const wanted = new Set(this.#seams(order));
		for (const index of [order[0], order.at(-1)]) if (index !== undefined) wanted.add(index);
		for (const { index } of this.#chosen) wanted.delete(index);
		const found = [...this.#chosen];
		for await (const batch of reader.entries(signal))
			for (const entry of batch) if (wanted.has(entry.index)) found.push(entry);
		return found;
	}

	/** Positions in the directory of the entries at seams; of very many, some. */
	*#seams(order: Uint32Array): Generator<number, void, void> {
		const isSeam = (position: number) => order[position] !== (order[position - 1] ?? 0) + 1;
		let count = 0;
		for (let position = 1; position < order.length; position++) if (isSeam(position)) count++;
		const sample = sampleOf(count, MOST_SEAMS, this.#seed);
		for (let position = 1; position < order.length; position++) {
			if (!isSeam(position) || !sample.next()) continue;
			yield order[position - 1] ?? 0;
			yield order[position] ?? 0;
		}
	}
}

function firstAbove(sorted: Float64Array, value: number): number | undefined {
	let low = 0;
	let high = sorted.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((sorted[middle] ?? 0) <= value) low = middle + 1;
		else high = middle;
	}
	return sorted[low];
}
