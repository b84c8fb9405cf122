/** The content of an entry in one state of it, of which any bytes can be read, any number of times. */
export interface RangedContent {
	/**
	 * What tells this state from every other state and every other content: device, inode, size, times of modification and change in
	 * nanoseconds of a file; address, ETag and version of an object. Names what a cache keeps; never shown.
	 */
	readonly identity: string;
	/** Bytes. */
	readonly size: number;
	/** Time that the entry gets, milliseconds since 1970-01-01 UTC. */
	readonly mtimeMs: number;
	/** Permission bits. */
	readonly mode: number;
	/**
	 * Time of the last change that is known, milliseconds since 1970-01-01 UTC. A change soon after it might leave no trace in
	 * {@link RangedContent.identity}.
	 */
	readonly changedMs: number;
	/**
	 * Reads the bytes from `start` up to `end`, which is not included: exactly these, in chunks of any length, each of which is good until the
	 * next is asked for. Opens nothing before the first chunk is asked
	 * for; ending the iteration early closes what is open.
	 *
	 * @throws {SourceError} `SOURCE_CHANGED` if the content is not in this state any more, before or after the reading.
	 */
	read(start: number, end: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void, void>;
	/** CRC-32 of the whole, if it can be had without reading it. */
	storedCrc32?(signal: AbortSignal): Promise<number | undefined>;
}
