/** The types of things in an archive. `other` are devices, FIFOs and sockets of Unix. */
export type EntryKind = "file" | "directory" | "symlink" | "other";

/**
 * Where a time comes from, which says how exact it is: `unix` to the second (extended timestamp, 0x5455), `ntfs`
 * to 100 ns, of which a `Date` shows milliseconds (0x000a), `dos` to two seconds and in a time zone that the archive does not
 * state.
 */
export type MtimeSource = "unix" | "ntfs" | "dos";

/** The facts about one entry, as its central directory header has them (APPNOTE 4.3.12). */
export interface EntryFacts {
	/** Position in the central directory, from 0. */
	readonly index: number;
	/**
	 * Name as text, `/`-separated; that of a directory ends in `/`, if its header says so. Bytes that are no UTF-8 are
	 * read as CP437 (APPNOTE D.1), one character for each byte: different names stay different. The name is as found:
	 * it may be absolute, or have `..` or control characters in it.
	 */
	readonly name: string;
	/** Name as the header has it. */
	readonly rawName: Uint8Array;
	/**
	 * Name as a file system of Unix gets it: the bytes of the header if they are UTF-8, or were made on Unix and are
	 * of an unknown encoding; else {@link EntryFacts.name} as UTF-8.
	 */
	readonly pathBytes: Uint8Array;
	/** By its Unix mode, the slash at the end of its name, and the directory attribute of MS-DOS. */
	readonly kind: EntryKind;
	/** Bytes. */
	readonly uncompressedSize: number;
	/** Bytes in the archive, without headers. */
	readonly compressedSize: number;
	/** Compression method (APPNOTE 4.4.5): 0 stored, 8 deflated. */
	readonly method: number;
	/** CRC-32 of the uncompressed bytes. */
	readonly crc32: number;
	/** Time of the last change. */
	readonly mtime: Date;
	/** Where that time comes from. */
	readonly mtimeSource: MtimeSource;
	/** Unix permission bits, setuid, setgid and sticky included; `undefined` if the entry was not made on Unix. */
	readonly mode: number | undefined;
	/** Comment; empty as a rule. */
	readonly comment: string;
	/** Whether the data is encrypted. */
	readonly encrypted: boolean;
	/** Byte of the archive at which the local file header begins. */
	readonly offset: number;
	/** General purpose bits (APPNOTE 4.4.4). */
	readonly flags: number;
	/** Version made by (APPNOTE 4.4.2); its upper byte is the system. */
	readonly versionMadeBy: number;
	/** Version needed to extract (APPNOTE 4.4.3). */
	readonly versionNeeded: number;
	/** External attributes (APPNOTE 4.4.15). */
	readonly externalAttributes: number;
	/** Whether the header has a ZIP64 extra field. */
	readonly zip64: boolean;
	/** Extra fields of the central directory header, as they are. */
	readonly extra: Uint8Array;
}

/** General purpose bits (APPNOTE 4.4.4). */
export const FLAG = {
	encrypted: 1 << 0,
	dataDescriptor: 1 << 3,
	patched: 1 << 5,
	strongEncryption: 1 << 6,
	utf8: 1 << 11,
	maskedHeaders: 1 << 13,
} as const;
