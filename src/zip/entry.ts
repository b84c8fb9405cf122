import type { Method } from "./format/records.ts";

/** Kinds of entries; an archive holds nothing else. */
export type EntryKind = "file" | "directory" | "symlink";

/**
 * How the data of files is stored.
 *
 * - `"auto"` deflates data that gets smaller. Other data is stored: a small file as it is, a large one
 *   inside DEFLATE, so that it can still be read as a stream.
 * - `"deflate"` deflates every file that is not empty.
 * - `"store"` keeps the bytes as they are. A file above 1 MiB then has its sizes after its data, which
 *   readers that cannot seek (`java.util.zip.ZipInputStream`, bsdtar from a pipe) refuse.
 * - `"wrap"` keeps the bytes too, and stays readable as a stream: a file up to 1 MiB as it is, a larger one inside
 *   DEFLATE, which adds 5 bytes to every 65,535. It is what `"auto"` makes of data that does not get smaller. The size
 *   of the archive is known before anything is read.
 * - `"zstd"` compresses by Zstandard (method 93), which takes a third of the time of DEFLATE. Small files that do not get
 *   smaller are stored. Needs Node.js 22.15, 23.8 or later, and whoever opens the archive needs a program that knows the method:
 *   7-Zip 24, libarchive, libzip 1.8, Python 3.14; many, such as UnZip, Java and Go, do not. The bytes are the same
 *   for the same version of the zstd library, which is that of Node.
 */
export type MethodChoice = "auto" | "store" | "deflate" | "wrap" | "zstd";

export const METHOD_CHOICES: readonly MethodChoice[] = ["auto", "store", "deflate", "wrap", "zstd"];

/** Effort of compression: 1 is fastest. DEFLATE goes up to 9, Zstandard up to 19. */
export type Level = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19;

/** One file, directory or symbolic link on its way into the archive. Nothing is opened before its turn. */
export interface Entry {
	/** Validated name: relative, `/`-separated, ends in `/` if and only if this is a directory. */
	readonly name: Uint8Array;
	readonly kind: EntryKind;
	/** Milliseconds since 1970-01-01 UTC. */
	readonly mtimeMs: number;
	/** Permission bits, 0 to 0o7777. */
	readonly mode: number;
	/** Bytes, as far as known before opening; for planning only. */
	readonly size?: number | undefined;
	/** At most 65,535 bytes as UTF-8. */
	readonly comment?: string | undefined;
	/** Overrides the archive's method for this entry. */
	readonly method?: MethodChoice | undefined;
	/** Where the directory lists it, if that is not where its data is: see {@link Placement}. */
	readonly position?: number | undefined;
	/** Whether it is opened only when all before it has been read, and not ahead. */
	readonly inTurn?: boolean | undefined;
	/** Its origin, for messages: a path or `"<name>"`. */
	readonly origin: string;
	/**
	 * Opens the data of a file or the target of a link; not called for a directory.
	 *
	 * @param signal - Aborts when the archive ends early. A source that waits for something should stop then:
	 *   nobody waits for its answer any more.
	 */
	open(signal: AbortSignal): EntryReader | Promise<EntryReader>;
	/**
	 * Reads the whole of a small entry at once, where that takes no waiting: `undefined` if it is not small,
	 * or anything is out of the ordinary, and {@link Entry.open} is to deal with it.
	 *
	 * @param take - Gives memory for the data.
	 */
	readAtOnce?(take: (size: number) => Uint8Array): WholeData | undefined;
	/** There if threads of this process may read it with blocking calls, whole. */
	readonly threadFile?: ThreadFile | undefined;
	/** The data as another archive has it, where it can be had in that form as well; only of files that are not empty. */
	readonly raw?: RawData | undefined;
}

/** A file as threads of this process reach it. */
export interface ThreadFile {
	/** What else they are told, the same for many files; copied as it is. */
	readonly readingOptions: unknown;
	/** There if only this state of it is archived. */
	readonly pinned?: FileState | undefined;
	/**
	 * Keeps the way to the file open, until {@link ThreadFile.letGo} is called, once for each time.
	 *
	 * @returns a path that leads to it, and to no other, as a byte string; `undefined` if there is none.
	 */
	hold(): string | undefined;
	letGo(): void;
}

/** A state of a file that others are told from. */
export interface FileState {
	/** Bytes. */
	readonly size: number;
	/** Its own, milliseconds since 1970. */
	readonly mtimeMs: number;
	/** Permission bits that it has in the archive. They tell no state from another. */
	readonly mode: number;
}

/**
 * Data in the form in which an archive has it. It is copied as it is where the method of the new archive allows that, and
 * {@link Entry.open} is not called then.
 */
export interface RawData {
	readonly method: Method;
	/** Of the uncompressed bytes. */
	readonly crc32: number;
	/** Bytes that {@link RawData.open} gives. */
	readonly compressedSize: number;
	/** Bytes. */
	readonly uncompressedSize: number;
	/**
	 * Opens the compressed bytes. What is read has to be what the facts above say, or reading fails: nobody else looks
	 * into it.
	 */
	open(signal: AbortSignal): EntryReader | Promise<EntryReader>;
}

/** All of an entry's data, with its attributes as they are by then where they replace the entry's. */
export interface WholeData {
	readonly bytes: Uint8Array;
	readonly mtimeMs?: number | undefined;
	readonly mode?: number | undefined;
}

/** Reads the data of one entry, from front to back, once. */
export interface EntryReader {
	/** Bytes that {@link EntryReader.read} gives in all, or claims to; `undefined` when only the end will tell. */
	readonly size: number | undefined;
	/** Attributes as they are at the time of opening, where they replace the entry's. */
	readonly mtimeMs?: number | undefined;
	readonly mode?: number | undefined;
	/**
	 * Whether it has given all there is, although that is less than {@link EntryReader.size}: the size was wrong from
	 * the beginning. Without it, and if not, the data counts as broken off.
	 */
	isComplete?(): boolean | Promise<boolean>;
	/**
	 * Fills `into` from its start and returns the bytes given: fewer than asked for only at the end, then 0.
	 *
	 * @param busy - This thread has other things to do: no blocking call, although they are allowed.
	 */
	read(into: Uint8Array, busy?: boolean): number | Promise<number>;
	/** Releases what opening took. Safe to call at any point, once. */
	close(): void | Promise<void>;
}

const SLASH = 0x2f;

const FILE_TYPE_MASK = 0o170_000;
const FILE_TYPE_BITS: Readonly<Record<EntryKind, number>> = {
	file: 0o100_000,
	directory: 0o040_000,
	symlink: 0o120_000,
};

/** The kind of an entry with this name and `st_mode`. */
export function kindOf(name: Uint8Array, mode: number): EntryKind {
	if (name[name.byteLength - 1] === SLASH) return "directory";
	return (mode & FILE_TYPE_MASK) === FILE_TYPE_BITS.symlink ? "symlink" : "file";
}

/** `st_mode` of the entry: file type and permission bits. */
export function unixMode(kind: EntryKind, mode: number): number {
	return FILE_TYPE_BITS[kind] | (mode & 0o7777);
}
