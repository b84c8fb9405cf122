import type { EntryFacts } from "../reader/entry.ts";
import type { FetchedEntry } from "../reader/runs.ts";

/** An entry and where it goes. */
export type PlacedEntry = EntryFacts & {
	/** Below the target, as a byte string, `/`-separated, without a slash at its end. */
	readonly path: string;
};

/** What is going to be extracted. */
export interface Extraction {
	/** Files, directories and links. */
	readonly entryCount: number;
	/** Of these, those with data: files and links. */
	readonly fileCount: number;
	/** Bytes of all files. */
	readonly size: number;
}

/** The state of the place that an entry would go to. */
export type Look =
	/** Nothing is there, or it may be replaced. */
	| "free"
	/** It is there already, just like that. */
	| "done"
	/** Something is there that is not touched; the target remembers it for {@link Target.begin}. */
	| "taken";

/**
 * Where entries are extracted to. First it is asked about each of them, and nothing is written; then it gets them one by one.
 */
export interface Target {
	/** Path or URL, for messages. */
	readonly location: string;
	/** Whether it takes names for the same that differ in case only. Known for certain when it has begun. */
	readonly foldsNames: boolean;
	/** Why it cannot have an entry, in words that go on behind its name. It is left out, with a warning. */
	objectionTo(entry: EntryFacts): string | undefined;
	/** @throws if there can be no such name. */
	look(entry: PlacedEntry): Look | Promise<Look>;
	/**
	 * The same for a link, whose target is only known later.
	 *
	 * @param linkTarget - As a byte string.
	 */
	lookAtLink(entry: PlacedEntry, linkTarget: string): Look;
	/**
	 * All have been looked at.
	 *
	 * @throws {ExtractError} `DESTINATION_EXISTS` if a place was taken.
	 * @throws {DestinationError} if there is no room.
	 */
	check(extraction: Extraction): Promise<void>;
	/** Makes ready for writing, and writes nothing that stays. */
	begin(extraction: Extraction): Promise<void>;
	/** A directory. */
	makeDirectory(entry: PlacedEntry): void;
	/**
	 * A file or link. Resolves when it is ready for the next one; what is still under way then may fail later, and makes the next call
	 * fail.
	 */
	put(fetched: FetchedEntry<PlacedEntry>): void | Promise<void>;
	/** Waits for all of it, and does what is to be done at the end. */
	finish(): Promise<void>;
	/** Ends what is under way, and removes what is not complete. */
	close(): Promise<void>;
}

/** Told of what has arrived. */
export interface Arrivals {
	/** Bytes of content that have been written, or put. */
	onWritten(size: number): void;
	/** An entry is complete. */
	onDone(entry: PlacedEntry): void;
}
