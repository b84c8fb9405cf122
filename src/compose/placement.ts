import type { Placement } from "../zip/spans.ts";

/**
 * Puts a directory into the order in which entries were found, wherever their data is. Positions from 0 on are places in that order;
 * negative ones stand for entries that are copied, whose places are told later.
 */
export class FoundOrder implements Placement {
	readonly #positions: number[] = [];
	/** Of the entries that can be copied, by their number. */
	readonly #told: Float64Array;

	/** @param copyableCount - How many there are that can be copied. */
	constructor(copyableCount: number) {
		this.#told = new Float64Array(copyableCount).fill(UNTOLD);
	}

	/** Stands for the position of a copied entry until that is known. */
	static ofCopied(number: number): number {
		return -1 - number;
	}

	/**
	 * Tells the place of an entry that can be copied, whether it is or not. A copied entry whose place nobody has told, as it is not
	 * found any more, comes behind the one whose number comes before its own.
	 */
	tell(number: number, position: number): void {
		this.#told[number] = position;
	}

	/** @param position - Of an entry that has none, behind all others. */
	add(position: number | undefined = Number.POSITIVE_INFINITY): void {
		this.#positions.push(position);
	}

	order(): Uint32Array {
		const { length: count } = this.#positions;
		const places = new Float64Array(count);
		const lost: LostEntry[] = [];
		let last = 0;
		for (const [entry, position] of this.#positions.entries()) {
			const place = position < 0 ? (this.#told[-1 - position] ?? UNTOLD) : position;
			places[entry] = place;
			if (place === UNTOLD) lost.push({ entry, number: -1 - position });
			else if (Number.isFinite(place)) last = Math.max(last, place);
		}
		// Numbers are sorted a great deal faster than by a function.
		const keys = new Float64Array(count - lost.length);
		let used = 0;
		for (const [entry, place] of places.entries())
			if (place !== UNTOLD) keys[used++] = Math.min(place, last + 1) * count + entry;
		keys.sort();
		return this.#withLost(
			Uint32Array.from(keys, (key) => key % count),
			places,
			lost,
		);
	}

	/** Adds copied entries that were not found again. */
	#withLost(order: Uint32Array, places: Float64Array, lost: LostEntry[]): Uint32Array {
		if (lost.length === 0) return order;
		lost.sort((one, other) => one.number - other.number);
		const behind = this.#placesBefore(lost);
		const whole = new Uint32Array(order.length + lost.length);
		let used = 0;
		let next = 0;
		for (const entry of order) {
			for (; next < lost.length && (behind[next] ?? 0) < (places[entry] ?? 0); next++)
				whole[used++] = lost[next]?.entry ?? 0;
			whole[used++] = entry;
		}
		for (; next < lost.length; next++) whole[used++] = lost[next]?.entry ?? 0;
		return whole;
	}

	/** The place that the entry before each has; they rise as numbers do, whatever has moved. */
	#placesBefore(lost: readonly LostEntry[]): Float64Array {
		const before = new Float64Array(lost.length);
		let place = -1;
		let number = 0;
		for (const [index, { number: end }] of lost.entries()) {
			for (; number < end; number++) place = Math.max(place, this.#told[number] ?? UNTOLD);
			before[index] = place;
		}
		return before;
	}
}

/** Neither a place nor the end. */
const UNTOLD = -1;

/** A copied entry without a place. */
interface LostEntry {
	/** In the order of the data. */
	readonly entry: number;
	/** Among those that can be copied. */
	readonly number: number;
}
