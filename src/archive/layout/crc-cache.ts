/**
 * Remembers CRC-32s by the identity of contents, in pieces of 1 MiB, so that nothing is read twice for them. Archives that
 * are made in ranges need them: that of a file stands before its data, and behind it.
 */
export interface CrcCache {
	/**
	 * Looks a CRC-32 up.
	 *
	 * @param piece - Number of a piece of 1 MiB, from 0; `undefined` for the whole content.
	 * @returns `undefined` if it is not known.
	 */
	get(identity: string, piece?: number): number | undefined;
	/** Remembers a CRC-32. */
	set(identity: string, crc32: number, piece?: number): void;
	/** Forgets the whole and all pieces: they have turned out wrong. */
	delete(identity: string): void;
	/** Writes down what would be lost otherwise. */
	close(): Promise<void>;
}
