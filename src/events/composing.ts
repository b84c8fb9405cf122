/** An entry is made and sent although there is a base, and why. */
export interface NotCopiedEvent {
	/** Tells the event apart. */
	readonly type: "not-copied";
	/** Name in the archive; bytes that are no UTF-8 are replaced. */
	readonly name: string;
	/** Why it is not copied. */
	readonly reason: NotCopiedReason;
}

/**
 * Why an entry is not copied from the base:
 *
 * - `"new"`: the base has no entry of that name.
 * - `"kind"`, `"size"`, `"mtime"`, `"mode"`, `"content"`: it is another one than in the base.
 * - `"header"`: something else in its headers is another, such as its comment.
 * - `"ctime"`: the file was changed, or its attributes were, when the base was begun or later.
 * - `"recent"`: its time is not three seconds before the beginning of the base, so that a change meanwhile might not show.
 * - `"unknown"`: nothing tells one state of it from another.
 * - `"small-run"`: unchanged, but it and its unchanged neighbours have fewer bytes than the smallest part that the storage copies.
 * - `"too-many-parts"`: unchanged, but the storage takes no more parts.
 */
export type NotCopiedReason =
	| "new"
	| "kind"
	| "size"
	| "mtime"
	| "mode"
	| "content"
	| "header"
	| "ctime"
	| "recent"
	| "unknown"
	| "small-run"
	| "too-many-parts";

/** It is decided what is copied from the base. */
export interface ComposedEvent {
	/** Tells the event apart. */
	readonly type: "composed";
	/** Address of the base. */
	readonly base: string;
	/** Entries that are copied. */
	readonly copiedEntryCount: number;
	/** Bytes of the archive that are copied. */
	readonly copiedSize: number;
	/** Bytes of all files found that are not copied. */
	readonly madeSourceSize: number;
	/** Parts that they are copied in. */
	readonly copiedPartCount: number;
	/** Runs of neighbours that are too short to be copied alone, and joined to longer ones. */
	readonly joinedRunCount: number;
	/** Bytes of the base that are made and sent again although they have not changed, and that `joinRuns` would have copied as well. */
	readonly joinableSize: number;
	/** Bytes that are made and sent at most; `undefined` if a source has no known size. */
	readonly madeSizeBound: number | undefined;
}
