import type { Entry } from "../entry.ts";
import type { FileBatch } from "./file-batch.ts";
import type { EntryGroup } from "./run-request.ts";

/** Neighbours in a run that a thread is told of together, with the way to them held open. */
export interface RunGroup {
	/** Number of entries. */
	readonly count: number;
	readonly sent: EntryGroup;
	entryAt(index: number): Entry;
	/** Takes the first entries out; what is left is a group of its own. */
	behind(count: number): RunGroup;
	/** Lets go of its files. */
	release(): void;
}

export class FilesOfBatch implements RunGroup {
	readonly #batch: FileBatch;
	readonly #from: number;
	#to: number;
	#path: string | undefined;

	/**
	 * @param from - Number of the first file in the batch.
	 * @param to - Number behind the last one.
	 * @param path - Of their directory, which is held; `undefined` if there is none.
	 */
	constructor(batch: FileBatch, from: number, to: number, path: string | undefined) {
		this.#batch = batch;
		this.#from = from;
		this.#to = to;
		this.#path = path;
	}

	get count(): number {
		return this.#to - this.#from;
	}

	get sent(): EntryGroup {
		const { start, names } = this.#batch;
		return { start, names: names.slice(this.#from, this.#to).join("/"), path: this.#path };
	}

	entryAt(index: number): Entry {
		return this.#batch.entryAt(this.#from + index);
	}

	behind(count: number): RunGroup {
		const border = this.#from + count;
		const path = this.#path === undefined ? undefined : this.#batch.hold();
		const rest = new FilesOfBatch(this.#batch, border, this.#to, path);
		this.#to = border;
		return rest;
	}

	release(): void {
		if (this.#path !== undefined) this.#batch.letGo();
		this.#path = undefined;
	}
}

/** A directory, a file that came by itself, or what no thread makes. */
export class SingleEntry implements RunGroup {
	readonly #entry: Entry;
	#path: string | undefined;
	readonly count = 1;

	/** @param path - Of a file, which is held. */
	constructor(entry: Entry, path: string | undefined) {
		this.#entry = entry;
		this.#path = path;
	}

	get sent(): EntryGroup {
		const { name, kind, mtimeMs, mode, comment } = this.#entry;
		const isDirectory = kind === "directory" && comment === undefined;
		const directory = isDirectory ? { mtimeMs, mode } : undefined;
		const pinned = this.#path === undefined ? undefined : this.#entry.threadFile?.pinned;
		return { start: byteStringOf(name), names: "", path: this.#path, pinned, directory };
	}

	entryAt(): Entry {
		return this.#entry;
	}

	behind(): never {
		throw new RangeError("there is only one");
	}

	release(): void {
		if (this.#path !== undefined) this.#entry.threadFile?.letGo();
		this.#path = undefined;
	}
}

function byteStringOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
	return Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
}
