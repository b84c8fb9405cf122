/** What tells one state of a file or object from another. Data: it can be kept as JSON, and compared later. */
export type SourceIdentity =
	| {
			readonly type: "file";
			/** Number of the device, and of the file on it. */
			readonly device: number;
			readonly inode: number;
			/** Milliseconds since 1970-01-01 UTC, with a fraction. */
			readonly mtimeMs: number;
	  }
	| {
			readonly type: "http";
			/** As the server sends it, with its quotes; a weak one begins with `W/`. */
			readonly etag: string | undefined;
			/** As the server sends it. */
			readonly lastModified: string | undefined;
	  }
	| {
			readonly type: "s3";
			/** Without quotes. */
			readonly etag: string;
			/** On versioned buckets. */
			readonly versionId: string | undefined;
	  };

/** What a storage says of the bytes of an object as a whole, for those who read them all. */
export interface StoredHashes {
	/** The MD5 of the bytes, or that of the MD5s of the parts and their number; hex. */
	readonly etag: string | undefined;
	/** Sizes of the parts that the ETag is made of, bytes; one if it is the MD5 of the whole. */
	readonly partSizes: readonly number[];
	/** CRC-32 of the whole. */
	readonly crc32: number | undefined;
}

/**
 * Bytes that can be read by ranges: a file, an object in a bucket, what is behind a URL.
 *
 * All reads are of the state that was there when it was opened. Once that has been replaced or written to, reads
 * fail with `ARCHIVE_CHANGED`: what comes is never a mix.
 */
export interface RangedSource {
	/** Path or URL for messages, without credentials. */
	readonly location: string;
	/** Bytes. */
	readonly size: number;
	/** What the bytes are known by. */
	readonly identity: SourceIdentity;
	/**
	 * Reads the bytes from `start` up to `end`, which is not included: exactly these, in chunks of any length, or
	 * an error. Nothing is requested before the first chunk is asked for, and nothing is read ahead of the caller
	 * but what the network has in its buffers. Any number of reads can be under way at once. The caller may keep
	 * the chunks. Ending the iteration early ends the transfer.
	 *
	 * @param start - From 0; at most `end`, which is at most `size`.
	 * @throws {ArchiveError} `ARCHIVE_CHANGED`
	 * @throws {StorageError} if the storage or server refuses, or cannot be reached despite retries.
	 * @throws {SourceError} `SOURCE_UNREADABLE` if a file cannot be read.
	 */
	read(start: number, end: number, signal?: AbortSignal | undefined): AsyncGenerator<Uint8Array, void, void>;
	/**
	 * The same into memory of the caller, all of which is filled; for sources whose bytes need no memory of their own on the way.
	 */
	readInto?(memory: Uint8Array, start: number, signal?: AbortSignal | undefined): Promise<void>;
	/**
	 * Asks the storage for hashes that it keeps of the object. Only objects in buckets have some.
	 *
	 * @returns `undefined` if there are none that can be computed from the bytes.
	 */
	storedHashes(signal?: AbortSignal | undefined): Promise<StoredHashes | undefined>;
	/** Closes files and connections. Reads that are under way fail. */
	close(): Promise<void>;
}

/** A source that has been opened, with its end, which costs no request of its own where a server allows that. */
export interface OpenedSource {
	readonly source: RangedSource;
	/** The last {@link TAIL_SIZE} bytes, or all if there are fewer. */
	readonly tail: Uint8Array;
}

/**
 * Reads a range into memory. Its size is the caller's to bound.
 *
 * Chunks are copied as they come in, and none is kept: V8 does not see how much memory they take, and lets those that have
 * been kept for a while stay for long.
 *
 * @param memory - A place for the bytes, which has to have room for them. They need not be put there.
 */
export async function readRange(
	source: RangedSource,
	start: number,
	end: number,
	signal?: AbortSignal | undefined,
	memory?: Uint8Array,
): Promise<Uint8Array> {
	const size = end - start;
	if (memory !== undefined && source.readInto !== undefined) {
		const place = memory.subarray(0, size);
		await source.readInto(place, start, signal);
		return place;
	}
	let bytes: Uint8Array | undefined;
	let filled = 0;
	for await (const chunk of source.read(start, end, signal)) {
		if (filled === 0 && chunk.byteLength === size) return chunk;
		bytes ??= memory?.subarray(0, size) ?? Buffer.allocUnsafeSlow(size);
		bytes.set(chunk, filled);
		filled += chunk.byteLength;
	}
	return bytes ?? new Uint8Array();
}
