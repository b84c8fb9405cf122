/** The rules of the consumer about the memory of chunks. Stored data passes through without a copy. */
export interface ChunkMemory {
	/**
	 * Whether it is done with a chunk when it asks for the next one, so that the chunk's memory can be used
	 * again: a new buffer for every MiB costs more than reading it.
	 */
	readonly reusable: boolean;
	/** The memory to read stored data into; it is then yielded as a chunk of that memory. */
	readonly placeAt?: PlaceAt | undefined;
	/**
	 * Whether its thread has so much to do with each byte, as to encrypt it, that another one had better read what has a place.
	 *
	 * @defaultValue `false`
	 */
	readonly busy?: boolean | undefined;
}

/**
 * The place where bytes of the archive from this offset on will be needed, as soon as there is one: for `size`
 * bytes, or as many of them as are in one piece. `undefined` if there is none, rejects if there will be none.
 */
export type PlaceAt = (
	offset: number,
	size: number,
) => Promise<Uint8Array | undefined> | Uint8Array | undefined;

/** For consumers that may keep chunks for ever. */
export const OWN_CHUNKS: ChunkMemory = { reusable: false };
