import { WorkerChannel } from "../../async/worker-channel.ts";
import { KiB } from "../../bytes/units.ts";
import type { Entry } from "../entry.ts";
import type { FinishedRun } from "../spans.ts";
import { GatheredRun, type RunLimits } from "./gathered-run.ts";
import type { RunAnswer, RunMethod, RunPiece, RunRequest } from "./run-request.ts";

/** Bytes of a run: of its headers and data, and of its part of the central directory. */
const RUN_SIZE = 512 * KiB;

/** Entries of a run: many enough that its messages cost little for each, few enough that it is soon done. */
const MAX_COUNT = 128;
const MIN_COUNT = 8;

/** Descriptors of directories that runs hold together. */
const MAX_DIRECTORIES = 192;

/** Small enough to be joined with what is around it: what is passed on as it is may be kept. */
const SPAN_SIZE = 128 * KiB;

export interface RunThreadOptions {
	/** Answers a {@link RunRequest} by a {@link RunAnswer}. */
	readonly script: URL;
	/** Threads at most, at least 1. */
	readonly count: number;
	/** Files that are read in the ordinary way before threads are started. */
	readonly startAfter: number;
}

/** A thread and how many runs it was given. */
interface Thread {
	readonly channel: WorkerChannel<RunRequest, RunAnswer>;
	sentCount: number;
	/** How many it has done, by its own count, as the main thread may be too busy to read its answers; whether to stop. */
	readonly state: Int32Array<SharedArrayBuffer>;
}

/** What has become of a run, in the order of its entries. */
export interface MadeRun {
	/** Entries that have to be read in the ordinary way, and runs of all others. */
	readonly items: readonly (Entry | FinishedRun)[];
	/** There was no room for these. */
	readonly rest: GatheredRun | undefined;
}

/** Threads that read small files and make runs of them. A thread is started when all others are busy. */
export class RunThreads {
	readonly #options: RunThreadOptions;
	readonly #method: RunMethod;
	readonly #threads: Thread[] = [];
	/** Memory of runs that have been laid out. */
	readonly #spare: Uint8Array<ArrayBuffer>[] = [];
	readonly #working = new Set<Promise<unknown>>();
	readonly #holding = new Set<GatheredRun>();
	/** A thread could not be started, or has died: from then on all is read in the ordinary way. */
	#failed = false;
	/** Entries of the next run, as many as found room lately. */
	#count = MAX_COUNT / 2;

	constructor(options: RunThreadOptions, { method, level }: RunMethod) {
		this.#options = options;
		this.#method = { method, level };
	}

	get startAfter(): number {
		return this.#options.startAfter;
	}

	/** Runs that keep all threads busy. */
	get enough(): number {
		return 2 * this.#options.count + 2;
	}

	get limits(): RunLimits {
		const directoryCount = Math.max(1, Math.floor(MAX_DIRECTORIES / this.enough));
		return { count: this.#count, directoryCount };
	}

	/** A run without entries; `undefined` if there is no thread to make it. */
	begin(): GatheredRun | undefined {
		return this.#failed ? undefined : new GatheredRun(this.#holding);
	}

	/** Has a run made, as far as its memory suffices, and lets go of its files. */
	async make(run: GatheredRun): Promise<MadeRun> {
		const working = this.#make(run);
		this.#working.add(working);
		try {
			return await working;
		} finally {
			this.#working.delete(working);
		}
	}

	/** Ends the threads, once they have left what they are at, and lets go of all files. */
	async close(): Promise<void> {
		for (const { state } of this.#threads) Atomics.store(state, 1, 1);
		await Promise.allSettled(this.#working);
		for (const run of this.#holding) run.release();
		await Promise.all(this.#threads.map(({ channel }) => channel.close()));
	}

	async #make(run: GatheredRun): Promise<MadeRun> {
		let rest: GatheredRun | undefined;
		try {
			const memory = this.#spare.pop() ?? new Uint8Array(RUN_SIZE);
			const answer = await this.#ask({ ...this.#method, ...run.sent, memory }, memory);
			if (answer === undefined) return { items: entriesOf(run), rest };
			const doneCount = answer.pieces.reduce((sum, { entryCount }) => sum + entryCount + 1, -1);
			if (doneCount < run.count) rest = run.behind(doneCount);
			const room = rest === undefined ? this.#count + (this.#count >> 2) : doneCount;
			this.#count = Math.min(Math.max(room, MIN_COUNT), MAX_COUNT);
			return { items: [...this.#itemsOf(answer, run)], rest };
		} finally {
			run.release();
		}
	}

	async #ask(request: RunRequest, memory: Uint8Array<ArrayBuffer>): Promise<RunAnswer | undefined> {
		if (this.#failed) return undefined;
		try {
			const thread = this.#idlest();
			thread.sentCount += 1;
			return await thread.channel.ask(request, [memory.buffer]);
		} catch {
			this.#failed = true;
			return undefined;
		}
	}

	/** Pieces, and the entries between them. */
	*#itemsOf({ memory, pieces }: RunAnswer, run: GatheredRun): Generator<Entry | FinishedRun, void, void> {
		const filled = pieces.filter(({ entryCount }) => entryCount > 0);
		let left = filled.length;
		const onTaken = () => {
			left -= 1;
			if (left === 0) this.#spare.push(memory);
		};
		let index = 0;
		let at = 0;
		let directoryAt = pieces.reduce((sum, { size }) => sum + size, 0);
		if (left === 0) this.#spare.push(memory);
		for (const piece of pieces) {
			const { entryCount, size, directorySize } = piece;
			if (entryCount > 0) {
				const bytes = memory.subarray(at, at + size);
				const headers = memory.subarray(directoryAt, directoryAt + directorySize);
				const first = index;
				yield finishedRun(piece, bytes, headers, (nth) => run.entryAt(first + nth), onTaken);
			}
			at += size;
			directoryAt += directorySize;
			index += entryCount;
			if (index < run.count) yield run.entryAt(index);
			index += 1;
		}
	}

	#idlest(): Thread {
		const [least] = [...this.#threads].sort((a, b) => leftOf(a) - leftOf(b));
		const mayGrow = this.#threads.length < this.#options.count;
		return least !== undefined && (leftOf(least) === 0 || !mayGrow) ? least : this.#start();
	}

	#start(): Thread {
		const state = new Int32Array(new SharedArrayBuffer(8));
		const channel = new WorkerChannel<RunRequest, RunAnswer>(this.#options.script, state);
		const thread: Thread = { channel, sentCount: 0, state };
		this.#threads.push(thread);
		return thread;
	}
}

/** Runs that a thread still has to make. */
function leftOf({ sentCount, state }: Thread): number {
	return sentCount - Atomics.load(state, 0);
}

function entriesOf(run: GatheredRun): readonly Entry[] {
	return Array.from({ length: run.count }, (_, index) => run.entryAt(index));
}

/**
 * @param entryAt - Gives an entry by its number in the piece.
 * @param onTaken - Called when nobody needs its memory any more.
 */
function finishedRun(
	{ entryCount, size, contentSize }: RunPiece,
	bytes: Uint8Array,
	headers: Uint8Array,
	entryAt: (index: number) => Entry,
	onTaken: () => void,
): FinishedRun {
	return {
		byteLength: size,
		spans: spansOf(bytes),
		directory: { entryCount, pages: takenPage(headers, onTaken) },
		originOf: (index) => entryAt(index).origin,
		positionOf: (index) => entryAt(index).position,
		read: { lastEntry: entryAt(entryCount - 1), size: contentSize },
	};
}

function* spansOf(bytes: Uint8Array): Generator<Uint8Array, void, void> {
	for (let at = 0; at < bytes.byteLength; at += SPAN_SIZE) yield bytes.subarray(at, at + SPAN_SIZE);
}

function* takenPage(headers: Uint8Array, onTaken: () => void): Generator<Uint8Array, void, void> {
	yield headers;
	onTaken();
}
