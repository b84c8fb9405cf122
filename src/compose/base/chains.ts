import { KiB } from "../../bytes/units.ts";
import type { CopyableRun } from "../copyable/copyable-entries.ts";
import type { RunCutting } from "../copyable/cut-runs.ts";

/**
 * Runs of a base that are copied as one. Only the last part of an upload may be short. So the end of a long run and a short one behind
 * it are an object of two parts, which is large enough for a part of the archive, or to be joined to the next short run.
 */
export interface Chain {
	/** In the order of the data. The first can be copied alone; the others are too short for that, and joined to it. */
	readonly runs: readonly [CopyableRun, ...CopyableRun[]];
	/** Where the end of the first run begins that the others are joined to; without others, where it ends. */
	readonly tail: number;
}

/** Which short runs are joined. */
export interface RunJoining {
	/** Fewest bytes of such a run. */
	readonly leastSize: number;
	/** Most of them in a chain, as they are joined one after the other. */
	readonly mostInChain: number;
	/** Most of them in an archive; the largest are taken. */
	readonly mostCount: number;
}

export const RUN_JOINING: RunJoining = {
	// To send less is cheaper than the requests that a join takes: one to create, two to copy, one to complete, and looks.
	leastSize: 512 * KiB,
	mostInChain: 8,
	mostCount: 1_000,
};

/** Sizes of parts. */
export type PartCutting = Pick<RunCutting, "minSize" | "maxPartSize">;

/** A run that is copied alone. */
export function aloneChain(run: CopyableRun): Chain {
	return { runs: [run], tail: run.end };
}

/**
 * Joins short runs to the long ones that they follow. Pure: the same runs give the same chains.
 *
 * @param all - Runs of neighbours of any size, in the order of the data.
 * @param long - Those that are copied, each as long as a part at least.
 * @returns a chain for each long run, in the order of the data.
 */
export function chainRuns(
	all: Iterable<CopyableRun>,
	long: readonly CopyableRun[],
	cutting: RunCutting,
	joining: RunJoining,
): readonly Chain[] {
	const chains = long.map((run) => new GrowingChain(run, cutting));
	const candidates: { readonly run: CopyableRun; readonly chain: GrowingChain }[] = [];
	let next = 0;
	for (const run of all) {
		if (run.from === chains[next]?.first.from) next += 1;
		else if (sizeOf(run) < cutting.minSize && sizeOf(run) >= joining.leastSize) {
			const chain = chains[next - 1];
			if (chain !== undefined) candidates.push({ run, chain });
		}
	}
	candidates.sort((a, b) => sizeOf(b.run) - sizeOf(a.run) || a.run.start - b.run.start);
	let left = joining.mostCount;
	let partsLeft = cutting.maxPartCount - chains.reduce((sum, chain) => sum + chain.partCount, 0);
	for (const { run, chain } of candidates) {
		if (left === 0) break;
		const more = chain.partsMoreWith(run, joining.mostInChain);
		if (more === undefined || more > partsLeft) continue;
		chain.add(run);
		partsLeft -= more;
		left -= 1;
	}
	return chains.map((chain) => chain.finish());
}

class GrowingChain {
	readonly first: CopyableRun;
	readonly #short: CopyableRun[] = [];
	readonly #cutting: PartCutting;
	/** Of all that goes through a temporary object. */
	#joinedSize: number;

	constructor(first: CopyableRun, cutting: PartCutting) {
		this.first = first;
		this.#cutting = cutting;
		this.#joinedSize = first.end - tailOf(first, cutting);
	}

	get partCount(): number {
		return partCountOf(this.finish(), this.#cutting);
	}

	/** @returns `undefined` if the run cannot be joined. */
	partsMoreWith(run: CopyableRun, mostInChain: number): number | undefined {
		const { maxPartSize } = this.#cutting;
		if (this.#short.length === mostInChain || this.#joinedSize + sizeOf(run) > maxPartSize) return undefined;
		if (this.#short.length > 0) return 0;
		const joined: Chain = { runs: [this.first, run], tail: tailOf(this.first, this.#cutting) };
		return partCountOf(joined, this.#cutting) - this.partCount;
	}

	add(run: CopyableRun): void {
		this.#short.push(run);
		this.#joinedSize += sizeOf(run);
	}

	finish(): Chain {
		if (this.#short.length === 0) return aloneChain(this.first);
		this.#short.sort((a, b) => a.start - b.start);
		return { runs: [this.first, ...this.#short], tail: tailOf(this.first, this.#cutting) };
	}
}

/** As much of the end of a run as a part has at least; all of it if less than that would be left before. */
function tailOf({ start, end }: CopyableRun, { minSize }: PartCutting): number {
	return end - minSize - start >= minSize ? end - minSize : start;
}

function sizeOf({ start, end }: CopyableRun): number {
	return end - start;
}

/** Bytes of a chain. */
export function chainSize({ runs }: Chain): number {
	return runs.reduce((sum, run) => sum + sizeOf(run), 0);
}

/** Bytes of its first run that become parts as they are, before what is joined. */
export function plainSize({ runs: [first], tail }: Chain): number {
	return tail - first.start;
}

/** Parts that it is copied in. */
export function partCountOf(chain: Chain, { maxPartSize }: PartCutting): number {
	const joined = chain.runs.length > 1 ? 1 : 0;
	return Math.ceil(plainSize(chain) / maxPartSize) + joined;
}

/** What joining takes besides the archive itself. */
export interface Joins {
	/** Temporary objects that are made. */
	readonly count: number;
	/** Bytes that are copied into them. */
	readonly size: number;
}

/** What joining the runs of some chains takes. */
export function joinsOf(chains: readonly Chain[]): Joins {
	const joins = { count: 0, size: 0 };
	for (const { runs, tail } of chains) {
		const [first, ...short] = runs;
		let joined = first.end - tail;
		for (const run of short) {
			joined += sizeOf(run);
			joins.count += 1;
			joins.size += joined;
		}
	}
	return joins;
}
