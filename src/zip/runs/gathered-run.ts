import type { Entry, ThreadFile } from "../entry.ts";
import type { FileBatch } from "./file-batch.ts";
import { FilesOfBatch, type RunGroup, SingleEntry } from "./run-groups.ts";
import type { EntryGroup } from "./run-request.ts";

/** What a run is full with. */
export interface RunLimits {
	/** Entries. */
	readonly count: number;
	/** Directories that are held open for it. */
	readonly directoryCount: number;
}

/** Entries that go to a thread together. The way to its files is held open until it is released. */
export class GatheredRun {
	#groups: RunGroup[] = [];
	/** Number of entries. */
	count = 0;
	#readingOptions: unknown;
	#directory = "";
	#directoryCount = 0;
	readonly #holding: Set<GatheredRun>;

	/** @param holding - Has this run among others while it holds files. */
	constructor(holding: Set<GatheredRun>) {
		this.#holding = holding;
		holding.add(this);
	}

	/** Adds what a thread does not make as well: the run is cut there. */
	add(entry: Entry): void {
		const { threadFile, method, comment } = entry;
		const isPlain = threadFile !== undefined && method === undefined && comment === undefined;
		this.#push(new SingleEntry(entry, isPlain ? this.#held(threadFile) : undefined));
	}

	/**
	 * Adds files, as many as there is room for.
	 *
	 * @param from - Number of the first one.
	 * @returns the number of the next one.
	 */
	addFiles(batch: FileBatch, from: number, { count }: RunLimits): number {
		const to = Math.min(batch.names.length, from + Math.max(1, count - this.count));
		this.#push(new FilesOfBatch(batch, from, to, this.#held(batch)));
		return to;
	}

	isFull({ count, directoryCount }: RunLimits): boolean {
		return this.count >= count || this.#directoryCount >= directoryCount;
	}

	/** What is sent to a thread. */
	get sent(): { readonly readingOptions: unknown; readonly groups: readonly EntryGroup[] } {
		return { readingOptions: this.#readingOptions, groups: this.#groups.map(({ sent }) => sent) };
	}

	/** @param index - Its number in the run. */
	entryAt(index: number): Entry {
		let at = index;
		for (const group of this.#groups) {
			if (at < group.count) return group.entryAt(at);
			at -= group.count;
		}
		throw new RangeError("there is no such entry in the run");
	}

	/** Takes the first entries out; what is left is a run of its own. */
	behind(count: number): GatheredRun {
		const rest = new GatheredRun(this.#holding);
		rest.#readingOptions = this.#readingOptions;
		const groups = this.#groups;
		this.#groups = [];
		this.count = 0;
		for (const group of groups) {
			const room = count - this.count;
			if (room <= 0) rest.#push(group);
			else if (group.count <= room) this.#push(group);
			else {
				rest.#push(group.behind(room));
				this.#push(group);
			}
		}
		return rest;
	}

	/** Lets go of its files. */
	release(): void {
		this.#holding.delete(this);
		for (const group of this.#groups) group.release();
	}

	#push(group: RunGroup): void {
		this.#groups.push(group);
		this.count += group.count;
	}

	/** The way to a file, or to those of a directory, which is held open; `undefined` if there is none. */
	#held(files: ThreadFile): string | undefined {
		const { readingOptions } = files;
		if (this.#readingOptions !== undefined && this.#readingOptions !== readingOptions) return undefined;
		const path = files.hold();
		if (path === undefined) return undefined;
		this.#readingOptions = readingOptions;
		const directory = path.slice(0, path.lastIndexOf("/"));
		if (directory !== this.#directory) this.#directoryCount += 1;
		this.#directory = directory;
		return path;
	}
}
