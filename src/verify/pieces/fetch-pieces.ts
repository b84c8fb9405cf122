import type { Batches } from "../../async/batches.ts";
import { mapInOrder } from "../../async/map-in-order.ts";
import { KiB, MiB } from "../../bytes/units.ts";
import { leastHeaderLength } from "../../reader/entry-data.ts";
import { guessDataStart } from "../../reader/local-header.ts";
import { type RangedSource, readRange } from "../../reader/ranged/ranged-source.ts";
import type { Piece } from "./pieces.ts";

/** Bytes that one request asks for at most. */
const RUN_SIZE = 4 * MiB;
/** Bytes that are rather read than left to another request. */
const GAP_SIZE = 256 * KiB;
/** Requests under way, or waiting to be looked at; more if they are small. */
const AT_ONCE = 16;
/** Bytes of them at most. */
const MOST_HELD = 4 * RUN_SIZE;

/** Entries of a run at most: those of all runs under way are in memory. */
const MOST_PIECES = 1_000;

/** Bytes of the archive that have come in, and the pieces that begin in them. */
export interface FetchedRun {
	readonly start: number;
	readonly bytes: Uint8Array;
	readonly pieces: readonly Piece[];
}

interface PlannedRun {
	readonly start: number;
	end: number;
	readonly pieces: Piece[];
}

/** How much of a piece is read: its local header; what is behind its data as well; the data, too. */
export type Depth = "header" | "records" | "data";

/** What is to be read. */
export interface FetchPlan {
	/** In the order of the archive, and not overlapping. */
	readonly pieces: Batches<Piece>;
	readonly depth: Depth;
	/** All bytes of the archive, from the first to the last one. */
	readonly whole: boolean;
}

/** Reads pieces with one request for neighbours, several requests at once, in the order of the archive. */
export function fetchPieces(
	source: RangedSource,
	plan: FetchPlan,
	signal: AbortSignal | undefined,
): AsyncGenerator<Iterable<FetchedRun>, void, void> {
	const ending = new AbortController();
	const own = signal === undefined ? ending.signal : AbortSignal.any([signal, ending.signal]);
	const limit = { count: AT_ONCE, weight: MOST_HELD, weigh: ({ start, end }: PlannedRun) => end - start };
	const fetch = async ({ start, end, pieces }: PlannedRun): Promise<FetchedRun> => ({
		start,
		bytes: await readRange(source, start, end, own),
		pieces,
	});
	return mapInOrder(runsOf(plan, source.size), fetch, limit, { signal: own, onStop: () => ending.abort() });
}

async function* runsOf(
	{ pieces, depth, whole }: FetchPlan,
	size: number,
): AsyncGenerator<Iterable<PlannedRun>, void, void> {
	const planner = new RunPlanner(whole);
	for await (const batch of pieces) yield planner.runsOf(batch, depth);
	if (whole) planner.extend(size);
	planner.close();
	yield planner.take();
}

class RunPlanner {
	#full: PlannedRun[] = [];
	#run: PlannedRun | undefined;
	readonly #whole: boolean;

	constructor(whole: boolean) {
		this.#whole = whole;
		if (whole) this.#run = { start: 0, end: 0, pieces: [] };
	}

	/** Plans one piece after the other, and gives the runs that are full by then. */
	*runsOf(pieces: Iterable<Piece>, depth: Depth): Generator<PlannedRun, void, void> {
		for (const piece of pieces) {
			this.#add(piece, depth);
			this.#keepSmall();
			if (this.#full.length > 0) yield* this.take();
		}
	}

	#add(piece: Piece, depth: Depth): void {
		const { entry, next } = piece;
		const dataEnd = entry.offset + leastHeaderLength(entry) + entry.compressedSize;
		const headEnd = Math.min(guessDataStart(entry), next);
		this.#reach(entry.offset);
		this.#current(entry.offset).pieces.push(piece);
		if (depth === "data" || (depth === "records" && dataEnd - headEnd <= GAP_SIZE)) {
			this.extend(next);
			return;
		}
		this.extend(headEnd);
		if (depth === "header") return;
		this.#reach(dataEnd);
		this.extend(next);
	}

	/** Goes to a byte that is needed, through a gap if it is small. */
	#reach(start: number): void {
		if (this.#run === undefined) return;
		if (this.#whole || start - this.#run.end <= GAP_SIZE) this.extend(start);
		else this.close();
		this.#current(start);
	}

	#current(start: number): PlannedRun {
		this.#run ??= { start, end: start, pieces: [] };
		return this.#run;
	}

	/** Takes everything up to `end` in. */
	extend(end: number): void {
		for (let run = this.#run; run !== undefined && run.end < end; run = this.#run) {
			run.end = Math.min(end, run.start + RUN_SIZE);
			if (run.end - run.start < RUN_SIZE) return;
			this.close();
			this.#run = { start: run.end, end: run.end, pieces: [] };
		}
	}

	/** Begins another run right behind one with many pieces. */
	#keepSmall(): void {
		if (this.#run === undefined || this.#run.pieces.length < MOST_PIECES) return;
		const { end } = this.#run;
		this.close();
		this.#run = { start: end, end, pieces: [] };
	}

	close(): void {
		if (this.#run !== undefined && this.#run.end > this.#run.start) this.#full.push(this.#run);
		this.#run = undefined;
	}

	take(): readonly PlannedRun[] {
		const full = this.#full;
		this.#full = [];
		return full;
	}
}
