import type { EntryKind } from "../../zip/entry.ts";

/**
 * A source as another process, maybe on another machine, opens it. As JSON it goes into the list of what is to be archived; credentials
 * are never part of it.
 */
export type PinnedSource =
	| {
			readonly kind: "directory";
			/** Absolute path, as a byte string (latin1); the same on all machines. A single file is below the directory that it is in. */
			readonly path: string;
			/** Links on the way to what is in it lead on, and so does one in its place, unless the entry is a link itself. */
			readonly followLinks?: true | undefined;
	  }
	| {
			readonly kind: "objects";
			readonly bucket: string;
	  }
	| {
			/** Each of its entries has an address of its own. */
			readonly kind: "resources";
	  };

/** Where an entry is, and the state in which it was found: whoever finds another one must not use it. */
export interface EntryPin {
	/** Path below the directory, as a byte string (latin1); key of the object; address (http, https). */
	readonly place: string;
	readonly kind: EntryKind;
	/** Bytes; 0 for a directory, of a symbolic link those of its target. */
	readonly size: number;
	/** Of the file or object, milliseconds since 1970, before options change it. */
	readonly mtimeMs: number;
	/** Permission bits. */
	readonly mode: number;
	/** Without quotes; there for objects and resources, which have no better mark. */
	readonly etag?: string | undefined;
}
