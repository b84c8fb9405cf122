import type { EntryKind, FileState, Level, MethodChoice } from "../entry.ts";

/*
 * What goes to a thread that makes runs, and what comes back: a few objects for many entries, as every object of a message costs as
 * much as a call to the system.
 */

/** How data is stored. */
export interface RunMethod {
	readonly method: MethodChoice;
	readonly level: Level;
}

export interface RunRequest extends RunMethod {
	/** Receives the run; it goes back with the answer. */
	readonly memory: Uint8Array<ArrayBuffer>;
	/** Of files, see {@link ThreadFile.readingOptions}. */
	readonly readingOptions: unknown;
	/** All entries, in their order. */
	readonly groups: readonly EntryGroup[];
}

/** Neighbouring entries that a thread is told of together: files of a directory, a directory, or what the run is cut at. */
export interface EntryGroup {
	/** Start of the name of each, a byte string. */
	readonly start: string;
	/** How each name goes on, byte strings with a `/` in between. */
	readonly names: string;
	/** Start of the paths of files, a byte string; their names follow. What has none, and is no directory, is not for the thread. */
	readonly path?: string | undefined;
	/** The state of the file, if it is pinned. */
	readonly pinned?: FileState | undefined;
	readonly directory?: DirectoryFacts | undefined;
}

interface DirectoryFacts {
	readonly mtimeMs: number;
	readonly mode: number;
}

/** Neighbouring entries that were made. */
export interface RunPiece {
	readonly entryCount: number;
	/** Bytes of their local headers and data. */
	readonly size: number;
	/** Bytes of their central directory headers, whose offsets count from the start of the piece. */
	readonly directorySize: number;
	/** Bytes of their data before compression. */
	readonly contentSize: number;
}

export interface RunAnswer {
	/** The memory of the request: the pieces one after the other, then their parts of the central directory. */
	readonly memory: Uint8Array<ArrayBuffer>;
	/** Between two of them is one entry that was not made. */
	readonly pieces: readonly RunPiece[];
}

/** An entry whose data is at hand, all of it. */
export interface WholeEntry {
	readonly name: Uint8Array;
	readonly kind: EntryKind;
	readonly mtimeMs: number;
	readonly mode: number;
	readonly bytes: Uint8Array;
}
