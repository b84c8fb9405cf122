import type { ObjectAddress } from "../../../s3/address.ts";

/**
 * Where the CRC-32 of an object is known from: what the storage says of the whole, of its parts, or of a copy that it has made, or a
 * look at all of it.
 */
export type ChecksumOrigin = "head" | "parts" | "copies" | "read";

/** What is read of an object that the storage copies. */
export interface ContentStart {
	/** Its first bytes. */
	readonly bytes: Uint8Array;
	/** Of the entry, milliseconds since 1970. */
	readonly mtimeMs: number;
	/** Of the whole content. */
	readonly crc32: number;
	readonly checksumOrigin: ChecksumOrigin;
}

/**
 * The content of an entry that lies, as it is, in the storage that the archive goes to, in the state in which it was listed. The storage
 * can copy it from there.
 */
export interface StoredContent {
	readonly address: ObjectAddress;
	/** Of this state, without quotes. */
	readonly etag: string;
	/** Bytes. */
	readonly size: number;
	/**
	 * Asks the storage for the CRC-32 of the content, if it keeps any.
	 *
	 * @throws {SourceError} if it is in another state by now.
	 * @throws {StorageError}
	 */
	askCrc32(signal: AbortSignal): Promise<KnownCrc32 | undefined>;
	/**
	 * Reads its first bytes, or all of it if nobody knows its CRC-32.
	 *
	 * @param size - Bytes.
	 * @throws as {@link StoredContent.askCrc32}
	 */
	readStart(size: number, known: KnownCrc32 | undefined, signal: AbortSignal): Promise<ContentStart>;
	/**
	 * Reads its last bytes.
	 *
	 * @param size - Bytes.
	 * @throws as {@link StoredContent.askCrc32}
	 */
	readEnd(size: number, signal: AbortSignal): Promise<Uint8Array>;
}

/** The CRC-32 of an object, as the storage tells it. */
export interface KnownCrc32 {
	readonly crc32: number;
	readonly origin: Exclude<ChecksumOrigin, "read">;
}
