import { createHash } from "node:crypto";

export type Kind = "file" | "directory" | "symlink";

export type Descriptor = "none" | "4-byte sizes" | "8-byte sizes";

/** What can be said of an entry: by its source, by the archive, and by whoever reads the archive. */
export interface EntryFacts {
	/** A byte string: one character for one byte (Latin-1). */
	readonly name: string;
	readonly kind: Kind;
	/** Permission bits. */
	readonly mode?: number | undefined;
	/** Seconds since 1970, rounded down. */
	readonly mtime?: number | undefined;
	/** Bytes of a file, or of the target of a link. */
	readonly size: number;
	/** Of the same bytes; absent where they are too many to be hashed by every reader. */
	readonly sha256?: string | undefined;
	/** Width of the sizes in its data descriptor. */
	readonly descriptor?: Descriptor | undefined;
	/** Hex of its bytes. */
	readonly comment?: string | undefined;
}

export function sha256(bytes: Uint8Array): string {
	return createHash("sha256").update(bytes).digest("hex");
}

/** A name as people can read it in a message. */
export function shown(name: string): string {
	const text = Buffer.from(name, "latin1").toString("utf8");
	return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
