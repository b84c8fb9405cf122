import type { Placement } from "../zip/spans.ts";

/**
 * Puts a directory into the order in which entries were found, wherever their data is. Positions from 0 on are places in that order;
 * negative ones stand for entries that are copied, whose places are told later.
 */
export class FoundOrder implements Placement {
	readonly #positions: number[] = [];
	/** Of copied entries, by their number. */
	readonly #copied: Float64Array;

	/** @param copyableCount - How many there are that can be copied. */
	constructor(copyableCount: number) {
		this.#copied = new Float64Array(copyableCount).fill(Number.POSITIVE_INFINITY);
	}

	/** Stands for the position of a copied entry until that is known. */
	static ofCopied(number: number): number {
		return -1 - number;
	}

	/** Tells the place of a copied entry; of those that have none, the last ones are theirs. */
	tell(number: number, position: number): void {
		this.#copied[number] = position;
	}

	add(position = Number.POSITIVE_INFINITY): void {
		this.#positions.push(position);
	}

	order(): Uint32Array {
		const places = Float64Array.from(this.#positions, (position) =>
			position < 0 ? (this.#copied[-1 - position] ?? 0) : position,
		);
		const order = Uint32Array.from(places, (_, entry) => entry);
		return order.sort((a, b) => compare(places[a] ?? 0, places[b] ?? 0) || a - b);
	}
}

function compare(a: number, b: number): number {
	return a === b ? 0 : a < b ? -1 : 1;
}
