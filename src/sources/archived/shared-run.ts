import type { EntryFacts } from "../../reader/entry.ts";
import { type ArchiveBody, readEntryData } from "../../reader/entry-data.ts";
import { readRange } from "../../reader/ranged/ranged-source.ts";
import { dataInRun, isTooLarge, type Run } from "../../reader/runs.ts";
import type { ChosenEntry } from "./chosen-entries.ts";

/** Runs that are requested while the entries of the one before them are read. */
const RUNS_AHEAD = 2;

/** The compressed data of an entry: all of it, until it is given back; or, if it is large, as it comes in. */
export type EntryData =
	| { readonly data: Uint8Array; readonly giveBack: () => void }
	| { readonly stream: AsyncGenerator<Uint8Array, void, void> };

/** What the runs of an archive have in common. */
export interface RunReading {
	readonly body: ArchiveBody;
	/** Bytes of a run at most. */
	readonly runSize: number;
	/** Memory of runs that have been used: new memory for each would stay until V8 looks for it, which is not often. */
	readonly spare: Uint8Array[];
}

/**
 * Neighbouring entries whose bytes come with one request, which is sent when the first of them is opened, or one of a run shortly
 * before. They are held until each has been read.
 */
export class SharedRun {
	readonly #reading: RunReading;
	readonly #run: Run<ChosenEntry>;
	#bytes: Promise<Uint8Array> | undefined;
	#memory: Uint8Array | undefined;
	#left: number;
	/** The run behind it, as soon as that is known. */
	next: SharedRun | undefined;

	constructor(reading: RunReading, run: Run<ChosenEntry>) {
		this.#reading = reading;
		this.#run = run;
		this.#left = run.entries.length;
	}

	/** Whether it is one entry that is not held in memory. */
	get isStream(): boolean {
		return isTooLarge(this.#run, this.#reading.runSize);
	}

	get entries(): readonly ChosenEntry[] {
		return this.#run.entries;
	}

	/** @throws {ArchiveError} `INVALID_ARCHIVE` if its local header contradicts the directory. */
	async dataOf(entry: EntryFacts, signal: AbortSignal): Promise<EntryData> {
		const { body } = this.#reading;
		const stream = () => readEntryData(body, entry, signal);
		this.#request(signal, RUNS_AHEAD);
		if (this.#bytes === undefined) return { stream: stream() };
		const data = dataInRun(body, entry, await this.#bytes, this.#run.start);
		if (data === undefined) return { stream: stream() };
		return { data, giveBack: () => this.#giveBack() };
	}

	#request(signal: AbortSignal, ahead: number): void {
		if (!this.isStream && this.#bytes === undefined) {
			this.#bytes = this.#read(signal);
			this.#bytes.catch(() => {}); // told to whoever opens one of its entries
		}
		const { next } = this;
		if (ahead > 0 && next !== undefined) next.#request(signal, ahead - 1);
	}

	#read(signal: AbortSignal): Promise<Uint8Array> {
		const { body, runSize, spare } = this.#reading;
		const { start, end } = this.#run;
		this.#memory = end - start <= runSize ? (spare.pop() ?? Buffer.allocUnsafeSlow(runSize)) : undefined;
		return readRange(body.source, start, end, signal, this.#memory);
	}

	#giveBack(): void {
		this.#left -= 1;
		if (this.#left > 0) return;
		if (this.#memory !== undefined) this.#reading.spare.push(this.#memory);
		this.#memory = undefined;
		this.#bytes = undefined;
	}
}
