import type { RangedContent } from "../../sources/ranged-content.ts";
import type { Source } from "../../sources/source.ts";

/** Names on the way from the root, as byte strings (one character, one byte). None for the root itself. */
export type ServedPath = readonly string[];

/** Something in a folder. */
export interface ServedItem {
	/** As a byte string. */
	readonly name: string;
	/** What is neither folder nor file is shown, and not served. */
	readonly kind: "folder" | "file" | "other";
	/** What it is, if it is neither: `symbolic link`. */
	readonly what?: string | undefined;
	/** Bytes of a file. */
	readonly size?: number | undefined;
	/** Time of last modification, milliseconds since 1970-01-01 UTC. */
	readonly mtimeMs?: number | undefined;
}

/** A folder whose names are known. */
export interface FolderListing {
	/** What is in it, folders first, each in the order of their names. To be called once. */
	items(): AsyncGenerator<Iterable<ServedItem>, void, void>;
	/** Lets go of what is open, in any case. */
	close(): void;
}

/** What is served: a directory, or the objects below a prefix of a bucket. Nothing outside of it can be reached. */
export interface ServedTree {
	/** Name of the root, for people. */
	readonly title: string;
	/**
	 * What a path leads to.
	 *
	 * @param asFolder - Whether a folder is asked for: objects may have one beside them that has their name.
	 * @returns `undefined` if there is nothing, or nothing that is served.
	 */
	look(
		path: ServedPath,
		asFolder: boolean,
		signal: AbortSignal,
	): Promise<RangedContent | "folder" | undefined>;
	/**
	 * The names in a folder.
	 *
	 * @returns `undefined` if there is no such folder.
	 * @throws what the system or the storage says if it cannot be listed.
	 */
	list(path: ServedPath, signal: AbortSignal): Promise<FolderListing | undefined>;
	/** The contents of a folder, to be archived. */
	source(path: ServedPath): Source;
	/** Closes connections. */
	close(): void;
}
