import type { EntryFacts, Kind } from "../entry-facts.ts";

/** A program or library that reads ZIP archives and is not ours. */
export interface Reader {
	/** As it stands in the table. */
	readonly name: string;
	/** What {@link Reader.check} tells of each entry; absent for a reader that only says yes or no. */
	readonly tells?: Facets;
	/** What {@link Reader.extract} gives back of each entry. */
	readonly restores?: Facets;
	/** Entries it takes more than minutes to read more of; cases that have more are not shown to it. */
	readonly maxEntries?: number;
	/** Takes most of a minute for 5 GiB or 65,535 entries; such cases are shown to it on demand only. */
	readonly slow?: true;
	/** What this machine has of it; `undefined` if nothing. */
	version(): Promise<string | undefined>;
	/** Compiles what has to be compiled, once, into a directory of its own. */
	prepare?(directory: string): Promise<void>;
	/** Reads the whole archive, with every CRC-32, and writes nothing. */
	check(archive: string, conditions: Conditions): Promise<Verdict>;
	/** Extracts the archive into an empty directory. */
	extract?(archive: string, directory: string, conditions: Conditions): Promise<Verdict>;
}

export interface Conditions {
	/** Time zone the reader lives in. */
	readonly timeZone: string;
	/** Whether to hash what is read: not worth it for gigabytes of zeros. */
	readonly hashing: boolean;
	readonly timeoutMs: number;
}

export interface Verdict {
	/** What the reader says is wrong; empty if it is content. */
	readonly problems: readonly string[];
	/** The entries, as far as the reader tells about them. */
	readonly entries?: readonly EntryFacts[];
	/** Hex of the archive comment's bytes. */
	readonly comment?: string | undefined;
}

/** What of an entry a reader is meant to know, beside name, type and data; the rest is not compared. */
export interface Facets {
	/** Permission bits, by kind of entry. */
	readonly modes?: Partial<Readonly<Record<Kind, number>>>;
	/** Times, by kind: from the extended timestamp, or from the MS-DOS fields alone. */
	readonly mtimes?: Partial<Readonly<Record<Kind, "extended" | "dos">>>;
	/** Otherwise a link is a file that holds its target. */
	readonly symlinks?: boolean;
	/** What follows the data; only our own check looks there. */
	readonly descriptors?: boolean;
	/** Comments of entries and of the archive. */
	readonly comments?: boolean;
}

export const ALL_MODES: Readonly<Record<Kind, number>> = { file: 0o7777, directory: 0o7777, symlink: 0o777 };
