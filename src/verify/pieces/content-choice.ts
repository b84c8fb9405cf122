import type { Batches } from "../../async/batches.ts";
import { GiB, MiB } from "../../bytes/units.ts";
import type { EntryFacts } from "../../reader/entry.ts";
import type { RangedSource } from "../../reader/ranged/ranged-source.ts";
import type { ArchiveFinding } from "../finding.ts";
import { sampleOf } from "../sample.ts";
import type { Piece } from "./pieces.ts";

/** How some of the bytes of an entry compare with what they were copied from. */
export type Comparison = "same" | "other" | "unknown";

/** The entries of which some are looked into besides what level "structure" has. */
export interface ContentSample {
	/** Of these entries, above 0 and up to 1. */
	readonly share: number;
	readonly isCandidate: (entry: EntryFacts) => boolean;
	/** Compares a few bytes of an entry that is too large to be read. */
	readonly compare: (
		piece: Piece,
		archive: RangedSource,
		signal: AbortSignal | undefined,
	) => Promise<Comparison>;
}

/** Entries that are looked into at least, if there are as many: of the large ones, and of all others. */
const LEAST = 16;
/** Bytes of an entry that is read as a whole at most, unless all are to be. */
const LARGEST_WHOLE = 256 * MiB;
/** Bytes that are read in any case, if they are needed, where the share comes to less. */
export const MOST_READ: number = GiB;

/** How many entries of so many are looked into. */
export function sampleSize(count: number, share: number): number {
	return Math.min(count, Math.max(LEAST, Math.ceil(count * share)));
}

/** What becomes of an entry. */
const WHOLE = 1;
const COMPARED = 2;

/**
 * Chooses the entries that are looked into, the same ones for the same seed. They are read as a whole, the smaller ones first, up to the
 * share of all bytes or 1 GiB; of all others, and of entries above 256 MiB, some bytes are compared.
 */
export class ContentChoice {
	readonly #sample: ContentSample;
	readonly #seed: string;
	/** Bytes of each entry in the archive; negative if it is not among those to choose from. */
	readonly #sizes: Float64Array;
	#fates: Uint8Array = new Uint8Array();

	constructor(entryCount: number, sample: ContentSample, seed: string) {
		this.#sample = sample;
		this.#seed = seed;
		this.#sizes = new Float64Array(entryCount).fill(-1);
	}

	/** To be called for each entry, in the order of the directory. */
	offer(entry: EntryFacts): void {
		if (this.#sample.isCandidate(entry)) this.#sizes[entry.index] = entry.compressedSize;
	}

	/** To be called when all have been offered. */
	decide(): void {
		const { share } = this.#sample;
		const largest = share === 1 ? Number.POSITIVE_INFINITY : LARGEST_WHOLE;
		this.#fates = new Uint8Array(this.#sizes.length);
		for (const index of this.#chosen((size) => size > largest)) this.#fates[index] = COMPARED;
		const isWhole = (size: number) => size >= 0 && size <= largest;
		const all = this.#sizes.reduce((sum, size) => sum + (isWhole(size) ? size : 0), 0);
		let left = Math.max(MOST_READ, Math.ceil(share * all));
		const smaller = this.#chosen(isWhole);
		smaller.sort((one, other) => this.#sizeOf(one) - this.#sizeOf(other) || one - other);
		for (const index of smaller) {
			left -= this.#sizeOf(index);
			this.#fates[index] = left < 0 ? COMPARED : WHOLE;
		}
	}

	/** Those that are read as a whole, of all. */
	whole(pieces: Batches<Piece>): Batches<Piece> & AsyncGenerator<Iterable<Piece>, void, void> {
		return this.#only(pieces, WHOLE);
	}

	/** Those of which some bytes are compared, of all. */
	compared(pieces: Batches<Piece>): Batches<Piece> & AsyncGenerator<Iterable<Piece>, void, void> {
		return this.#only(pieces, COMPARED);
	}

	/** Compares bytes of these, and gives those that are other ones. */
	async *differences(
		pieces: Batches<Piece>,
		archive: RangedSource,
		signal: AbortSignal | undefined,
	): AsyncGenerator<ArchiveFinding, void, void> {
		for await (const batch of this.compared(pieces))
			for (const piece of batch) {
				const { name: entryName, offset } = piece.entry;
				if ((await this.#sample.compare(piece, archive, signal)) === "other")
					yield {
						structure: "data",
						entryName,
						offset,
						message: "has other bytes than what it was copied from",
					};
			}
	}

	/** Whether there are such. */
	get compares(): boolean {
		return this.#fates.includes(COMPARED);
	}

	async *#only(
		pieces: Batches<Piece>,
		fate: number,
	): Batches<Piece> & AsyncGenerator<Iterable<Piece>, void, void> {
		for await (const batch of pieces) {
			const taken: Piece[] = [];
			for (const piece of batch) if (this.#fates[piece.entry.index] === fate) taken.push(piece);
			yield taken;
		}
	}

	#sizeOf(index: number): number {
		return this.#sizes[index] ?? 0;
	}

	#chosen(isOfThese: (size: number) => boolean): number[] {
		let count = 0;
		for (const size of this.#sizes) if (isOfThese(size)) count++;
		const sample = sampleOf(count, sampleSize(count, this.#sample.share), this.#seed);
		const chosen: number[] = [];
		for (const [index, size] of this.#sizes.entries())
			if (isOfThese(size) && sample.next()) chosen.push(index);
		return chosen;
	}
}
