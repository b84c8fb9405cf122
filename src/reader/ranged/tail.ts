import { KiB } from "../../bytes/units.ts";

/** Bytes of the end of an archive that are read first: the end records always, and a directory of about 1,500 entries. */
export const TAIL_SIZE: number = 128 * KiB;

/** Where the tail of so many bytes begins. */
export function tailStart(size: number): number {
	return Math.max(0, size - TAIL_SIZE);
}
