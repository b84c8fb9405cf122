import type { EntryKind } from "../../reader/entry.ts";

/** A fact in which two entries of one name differ. Modes are permission bits. */
export type EntryChange =
	| { readonly field: "kind"; readonly before: EntryKind; readonly after: EntryKind }
	| {
			readonly field: "size" | "crc32" | "mode";
			readonly before: number;
			readonly after: number;
	  }
	| { readonly field: "mtime"; readonly before: Date; readonly after: Date };

/** Something that only one of two archives or trees has, or that is not the same in both. */
export interface EntryDifference {
	/** Seen from the first of the two. */
	readonly type: "added" | "removed" | "changed";
	/** Name of the entry; that of a directory ends in `/`. */
	readonly name: string;
	/** What it is after; what it was, if it was removed. */
	readonly kind: EntryKind;
	/** What is not the same; empty unless `type` is `"changed"`. A `crc32` stands for the content, or for the target of a link. */
	readonly changes: readonly EntryChange[];
}
