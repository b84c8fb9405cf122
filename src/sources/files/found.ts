import type { Stats } from "node:fs";
import type { Directory, Place } from "./place.ts";

/** One thing found in a directory tree. */
export interface Found {
	/** Path relative to the root as a byte string (one character, one byte); empty for the root itself. */
	readonly relativePath: string;
	readonly place: Place;
	readonly kind: "file" | "directory" | "symlink";
	/** There for what had to be looked at anyway: directories, links, followed links. */
	readonly stats: Stats | undefined;
	/** Whether to read it with blocking calls. */
	readonly blocking: boolean;
	/** When the last of the links on the way to it changed that are followed: since then it may be another file. */
	readonly linkedMs?: number | undefined;
}

/** Files of one directory that were found together. Nothing is known of them but that they are files. */
export class FoundFiles implements Iterable<Found> {
	readonly directory: Directory;
	/** Start of their paths relative to the root, as a byte string: empty, or with a slash at its end. */
	readonly start: string;
	/** In the directory, as byte strings. */
	readonly names: readonly string[];
	readonly blocking: boolean;
	/** See {@link Found.linkedMs}. */
	readonly linkedMs: number | undefined;

	constructor(
		directory: Directory,
		start: string,
		names: readonly string[],
		blocking: boolean,
		linkedMs: number | undefined,
	) {
		this.directory = directory;
		this.start = start;
		this.names = names;
		this.blocking = blocking;
		this.linkedMs = linkedMs;
	}

	at(index: number): Found {
		const name = this.names[index] ?? "";
		const { directory, start, blocking, linkedMs } = this;
		return {
			relativePath: start + name,
			place: directory.place(name),
			kind: "file",
			stats: undefined,
			blocking,
			linkedMs,
		};
	}

	*[Symbol.iterator](): Generator<Found, void, void> {
		for (let index = 0; index < this.names.length; index++) yield this.at(index);
	}
}
