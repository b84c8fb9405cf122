import { combineCrc32 } from "../../bytes/combine-crc32.ts";
import { formatNumber, MiB } from "../../bytes/units.ts";
import { InvalidOptionError } from "../../errors.ts";
import type { RowRange } from "../manifest.ts";

/** Neighbouring entries, counted: what shards are put together from, and a shard itself. */
export interface Unit {
	readonly entryCount: number;
	/** Bytes of their files. */
	readonly sourceSize: number;
	/** Bytes that they take in the archive at least if nothing is compressed. */
	readonly storedSize: number;
	/** Bytes that they cannot exceed there; exactly these if nothing is compressed. */
	readonly sizeBound: number;
	readonly rows: readonly RowRange[];
}

/** What a shard must not exceed. */
export interface UnitLimits {
	readonly maxEntries: number;
	/** Bytes of files. A single file may be larger. */
	readonly maxBytes: number;
}

/** So many are held, whatever the number of entries. */
export const MAX_UNITS = 8192;

/** Of the first units: fine enough to share few entries evenly. */
const FIRST_TARGET: UnitLimits = { maxEntries: 64, maxBytes: MiB };

/**
 * Units of all that was listed, in order. When there are too many, neighbours are joined: they get coarser, and their number stays
 * bounded.
 */
export class Units {
	readonly #limits: UnitLimits;
	#units: Unit[] = [];
	#target: UnitLimits;

	constructor(limits: UnitLimits) {
		this.#limits = limits;
		this.#target = smallerOf(FIRST_TARGET, limits);
	}

	/** The size that units are to have by now. */
	get target(): UnitLimits {
		return this.#target;
	}

	/** @throws {InvalidOptionError} if the limits allow no fewer shards. */
	add(unit: Unit): void {
		this.#units.push(unit);
		if (this.#units.length > MAX_UNITS) this.#coarsen();
	}

	get all(): readonly Unit[] {
		return this.#units;
	}

	/** To half as many at most, so that it is rarely done. */
	#coarsen(): void {
		let units = joinNeighbours(this.#units, this.#target);
		while (units.length > MAX_UNITS / 2) {
			const { maxEntries, maxBytes } = this.#target;
			const target = smallerOf({ maxEntries: 2 * maxEntries, maxBytes: 2 * maxBytes }, this.#limits);
			if (target.maxEntries === maxEntries && target.maxBytes === maxBytes) break;
			this.#target = target;
			units = joinNeighbours(units, target);
		}
		this.#units = units;
		if (units.length <= MAX_UNITS) return;
		const problem = `the archive would be made of more than ${formatNumber(MAX_UNITS)} shards`;
		throw new InvalidOptionError(problem, {
			advice: {
				...{ kind: "set-option", option: "maxEntries", alternative: "maxBytes" },
				purpose: "to let each have more",
			},
		});
	}
}

function joinNeighbours(units: readonly Unit[], target: UnitLimits): Unit[] {
	const joined: Unit[] = [];
	for (const unit of units) {
		const last = joined.at(-1);
		if (last !== undefined && fitTogether(last, unit, target))
			joined[joined.length - 1] = joinUnits(last, unit);
		else joined.push(unit);
	}
	return joined;
}

export function fitTogether(one: Unit, other: Unit, { maxEntries, maxBytes }: UnitLimits): boolean {
	return one.entryCount + other.entryCount <= maxEntries && one.sourceSize + other.sourceSize <= maxBytes;
}

/** @param other - Follows `one`. */
export function joinUnits(one: Unit, other: Unit): Unit {
	return {
		entryCount: one.entryCount + other.entryCount,
		sourceSize: one.sourceSize + other.sourceSize,
		storedSize: one.storedSize + other.storedSize,
		sizeBound: one.sizeBound + other.sizeBound,
		rows: joinRows(one.rows, other.rows),
	};
}

function joinRows(before: readonly RowRange[], behind: readonly RowRange[]): readonly RowRange[] {
	const last = before.at(-1);
	const [first, ...rest] = behind;
	if (last === undefined || first === undefined) return [...before, ...behind];
	if (last.page !== first.page || last.offset + last.size !== first.offset) return [...before, ...behind];
	const { page, offset } = last;
	const whole = { page, offset, size: last.size + first.size, crc32: combineCrc32([last, first]) };
	return [...before.slice(0, -1), whole, ...rest];
}

function smallerOf(one: UnitLimits, other: UnitLimits): UnitLimits {
	return {
		maxEntries: Math.min(one.maxEntries, other.maxEntries),
		maxBytes: Math.min(one.maxBytes, other.maxBytes),
	};
}
