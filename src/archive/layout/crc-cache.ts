/** Remembers CRC-32s by the identity of contents, in pieces of 1 MiB, so that nothing is read twice for them. */
export interface CrcCache {
	/**
	 * @param piece - Number of a piece of 1 MiB, from 0; `undefined` for the whole content.
	 * @returns `undefined` if it is not known.
	 */
	get(identity: string, piece?: number): number | undefined;
	set(identity: string, crc32: number, piece?: number): void;
	/** Writes down what would be lost otherwise. */
	close(): Promise<void>;
}
