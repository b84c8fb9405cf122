import { GiB, KiB, MiB } from "../../bytes/units.ts";
import { fitTogether, joinUnits, type Unit } from "./units.ts";

/** How shards are to be. */
export interface ShardWishes {
	/** Workers that are to have a share each. */
	readonly workers: number;
	/** Entries of a shard; by default {@link USUAL_ENTRIES}, or more where there would be too many shards. */
	readonly maxEntries?: number | undefined;
	/** Bytes of its files; by default {@link USUAL_BYTES}, likewise. A single file may be larger. */
	readonly maxBytes?: number | undefined;
	/** Bytes that each shard but the last can have in the archive, at least. */
	readonly minSize: number;
	/** Shards there may be, where nobody has asked for more. */
	readonly maxShards: number;
}

/** A worker holds their headers, and lists them when it has made them. */
const USUAL_ENTRIES = 100_000;
/** A worker that dies loses no more than a few minutes of work. */
const USUAL_BYTES: number = 16 * GiB;

/** For each worker, so that all end at about the same time. */
const SHARDS_PER_WORKER = 4;
/** Less is made by one worker before another one has heard of it. */
const LEAST_WEIGHT = 16 * MiB;
/** Time that an entry takes besides that of its bytes, in bytes. */
const ENTRY_WEIGHT = 16 * KiB;

/**
 * Puts neighbouring units together to shards that take about the same time. Limits are held, unless a shard would be smaller than the
 * smallest part then.
 *
 * @param units - Each within the limits, but for single files that are larger.
 */
export function groupUnits(units: readonly Unit[], wishes: ShardWishes): Unit[] {
	const { minSize } = wishes;
	const total = units.reduce((sum, unit) => sum + weightOf(unit), 0);
	const limits = limitsOf(units, wishes);
	const wanted = Math.max(LEAST_WEIGHT, total / (wishes.workers * SHARDS_PER_WORKER));
	const shards: Unit[] = [];
	let shard: Unit | undefined;
	let passed = 0;
	let border = nextBorder(passed, total, wanted);
	for (const unit of units) {
		const isEnough = passed + weightOf(unit) / 2 > border;
		if (
			shard !== undefined &&
			shard.storedSize >= minSize &&
			(isEnough || !fitTogether(shard, unit, limits))
		) {
			shards.push(shard);
			shard = undefined;
			border = nextBorder(passed, total, wanted);
		}
		shard = shard === undefined ? unit : joinUnits(shard, unit);
		passed += weightOf(unit);
	}
	if (shard !== undefined) shards.push(shard);
	return shards;
}

/** What is left is shared evenly. */
function nextBorder(passed: number, total: number, wanted: number): number {
	const left = total - passed;
	return passed + left / Math.max(1, Math.round(left / wanted));
}

function limitsOf(units: readonly Unit[], { maxEntries, maxBytes, maxShards }: ShardWishes) {
	const entryCount = units.reduce((sum, unit) => sum + unit.entryCount, 0);
	const sourceSize = units.reduce((sum, unit) => sum + unit.sourceSize, 0);
	return {
		maxEntries: maxEntries ?? Math.max(USUAL_ENTRIES, Math.ceil(entryCount / maxShards)),
		maxBytes: maxBytes ?? Math.max(USUAL_BYTES, Math.ceil(sourceSize / maxShards)),
	};
}

function weightOf({ entryCount, sourceSize }: Unit): number {
	return sourceSize + entryCount * ENTRY_WEIGHT;
}
