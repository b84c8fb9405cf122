import type { Entry, FileState } from "../entry.ts";
import type { DirectoryFacts } from "./run-request.ts";

/** What a run is full with. */
export interface RunLimits {
	/** Entries. */
	readonly count: number;
	/** Directories that are held open for it. */
	readonly directoryCount: number;
}

/** Entries that go to a thread together. The way to its files is held open until it is released. */
export class GatheredRun {
	readonly entries: Entry[] = [];
	/** Empty for what is not held. */
	readonly #paths: string[] = [];
	#released = 0;
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
		this.entries.push(entry);
		this.#paths.push(this.#hold(entry) ?? "");
	}

	isFull({ count, directoryCount }: RunLimits): boolean {
		return this.entries.length >= count || this.#directoryCount >= directoryCount;
	}

	/** What is sent to a thread. */
	get sent(): {
		readonly readingOptions: unknown;
		readonly names: readonly string[];
		readonly paths: readonly string[];
		readonly pinned: ReadonlyMap<number, FileState>;
		readonly directories: ReadonlyMap<number, DirectoryFacts>;
	} {
		const names: string[] = [];
		const directories = new Map<number, DirectoryFacts>();
		const pinned = new Map<number, FileState>();
		for (const [index, entry] of this.entries.entries()) {
			const { kind, mtimeMs, mode } = entry;
			const isDirectory = kind === "directory" && entry.comment === undefined;
			if (isDirectory) directories.set(index, { mtimeMs, mode });
			const state = this.#paths[index] === "" ? undefined : entry.threadFile?.pinned;
			if (state !== undefined) pinned.set(index, state);
			names.push(isDirectory || this.#paths[index] !== "" ? byteStringOf(entry.name) : "");
		}
		return { readingOptions: this.#readingOptions, names, paths: this.#paths, pinned, directories };
	}

	/** Takes the first entries out; what is left is a run of its own. */
	behind(count: number): GatheredRun {
		const rest = new GatheredRun(this.#holding);
		rest.#readingOptions = this.#readingOptions;
		rest.entries.push(...this.entries.splice(count));
		rest.#paths.push(...this.#paths.splice(count));
		return rest;
	}

	/** Lets go of its files. */
	release(): void {
		this.#holding.delete(this);
		for (; this.#released < this.entries.length; this.#released++)
			if (this.#paths[this.#released] !== "") this.entries[this.#released]?.threadFile?.letGo();
	}

	#hold({ threadFile, method, comment }: Entry): string | undefined {
		if (threadFile === undefined || method !== undefined || comment !== undefined) return undefined;
		const { readingOptions } = threadFile;
		if (this.#readingOptions !== undefined && this.#readingOptions !== readingOptions) return undefined;
		const path = threadFile.hold();
		if (path === undefined) return undefined;
		this.#readingOptions = readingOptions;
		const directory = path.slice(0, path.lastIndexOf("/"));
		if (directory !== this.#directory) this.#directoryCount += 1;
		this.#directory = directory;
		return path;
	}
}

function byteStringOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
	return Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
}
