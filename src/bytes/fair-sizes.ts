import { SharedBytes } from "./shared-bytes.ts";
import { KiB, MiB } from "./units.ts";

const LARGE = 64 * KiB;
const SMALL = 16 * KiB;

/**
 * Sizes of buffers that any number of users have one each of: large ones, which are quick, for the first of them, and small ones for all
 * others, so that hundreds who wait for slow clients take little.
 */
export class FairSizes {
	readonly #room: SharedBytes;

	/** @param room - Bytes that large ones may take together. */
	constructor(room: number = 4 * MiB) {
		this.#room = new SharedBytes(room);
	}

	/** Bytes of a buffer. Once nobody needs it any more, {@link FairSizes.give} gets the size. */
	take(): number {
		return this.#room.take(LARGE) ? LARGE : SMALL;
	}

	give(size: number): void {
		if (size === LARGE) this.#room.give(LARGE);
	}
}
