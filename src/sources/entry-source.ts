import type { Batches } from "../async/batches.ts";
import { MiB } from "../bytes/units.ts";
import type { ZipferryEventListener } from "../events.ts";
import type { LookAhead } from "../zip/blocks/read-blocks.ts";
import type { Entry } from "../zip/entry.ts";
import type { StoredContent } from "./objects/stored/stored-content.ts";
import type { EntryPin, PinnedSource } from "./pins/entry-pin.ts";
import type { RangedContent } from "./ranged-content.ts";

/**
 * What is left out: an entry; or, of a directory that cannot be listed, its contents, while the directory itself is in
 * the archive; or all there is of such a directory.
 */
export type LeftOut = "entry" | "contents" | "directory";

/** Receives the problems that a source finds. */
export interface SourceReport {
	readonly onEvent: ZipferryEventListener;
	/** Leaves out an entry or directory that cannot be read, or throws: as the options say. */
	readonly onUnreadable: (origin: string, error: unknown, what?: LeftOut) => void;
}

/** For disks, and for what programs generate. */
export const DEFAULT_LOOK_AHEAD: LookAhead = { count: 16, size: 8 * MiB };

/** Entries of one source, with what planning needs to know of them. */
export interface EntrySource {
	/** Whether {@link EntrySource.entries} can be called again and gives the same. */
	readonly repeatable: boolean;
	/** Whether the contents of its entries can be read again as well; streams give theirs only once. */
	readonly rereadable: boolean;
	/** Whether it cannot give the same name twice. */
	readonly distinct: boolean;
	/** How many entries may be opened ahead: the longer it takes to open one, the more. */
	readonly lookAhead: LookAhead;
	/** Whether entries of it may have a {@link Entry.threadFile}. */
	readonly hasThreadFiles?: boolean | undefined;
	/** Whether listing its entries takes requests: planning looks through it only where it has to. */
	readonly remote?: boolean | undefined;
	/** Every name starts with it. */
	readonly namePrefix: string;
	/** How another process reaches it; absent if none can. */
	readonly pinned?: PinnedSource | undefined;
	/** Ends what its entries have started, if anything is left of it; called when the archive has ended, well or not. */
	close?(): Promise<void>;
	/** @param comesAgain - Whether they will be asked for once more, so that what is learned of them may be kept for then. */
	entries(report: SourceReport, comesAgain?: boolean): Batches<MeasurableEntry>;
}

/** The facts about a file; `fs.Stats` has them. */
export interface Measures {
	/** Bytes. */
	readonly size: number;
	readonly mtimeMs: number;
	/** Permission bits, and maybe the file type above them. */
	readonly mode?: number;
	/** When anything of it changed last, its attributes too; nobody can set it. Files on disks have it. */
	readonly ctimeMs?: number | undefined;
}

/** The name of an entry, and where it comes from. */
export interface NamedEntry extends Pick<Entry, "name" | "kind" | "origin"> {
	/** The name that its source gives it, if another one was made of it. */
	readonly givenName?: Uint8Array | undefined;
}

/** An entry that can tell its size before it is opened. */
export interface MeasurableEntry extends Entry, NamedEntry {
	/** Whether planning has not seen it, as its source gives its entries only once. */
	readonly unplanned?: boolean | undefined;
	/** Looks size and time up; gives `undefined` if the entry has them itself. */
	measure?(): Measures | undefined | Promise<Measures>;
	/**
	 * There if a program or a server gives its time as well as its content, so that one may change without the other: whether the content
	 * is there, or made when it is asked for.
	 */
	readonly given?: "content" | "maker" | undefined;
	/**
	 * Looks at the content as it stands, for those who read parts of it: `undefined` if it cannot be read from any byte, or nothing
	 * tells one state of it from another. Not called for directories.
	 */
	ranged?(signal: AbortSignal | undefined): RangedContent | undefined | Promise<RangedContent | undefined>;
	/** There if the storage that the archive goes to has its content already, as it is. */
	readonly stored?: StoredContent | undefined;
	/**
	 * Says for another process where it is and in which state; there if its source is {@link EntrySource.pinned}.
	 *
	 * @throws {SourceError} if nothing tells this state from another.
	 */
	pin?(): EntryPin | Promise<EntryPin>;
}
