import type { Stats } from "node:fs";
import { MiB } from "../../../bytes/units.ts";
import { Listing } from "./listing.ts";

/** Names that are kept of all sources together, bytes. */
const ROOM = 64 * MiB;

/** What a directory takes besides its names: most trees have directories of a few. */
const OWN_SIZE = 512;

/** The coarsest clock of file systems that are in use (FAT), milliseconds: two changes within it look like one. */
const CLOCK_MS = 2000;

/**
 * What one walk has listed, for the next one: as long as a directory's times say that no name has come, gone or become
 * something else, it need not be read again. A directory that was changed within the last two seconds is not kept, as
 * another change might not show. Nor is anything once there is no room.
 */
export class KnownListings {
	readonly #listings = new Map<string, readonly Buffer[]>();
	#room: number;

	/** @param room - For names, bytes. */
	constructor(room: number = ROOM) {
		this.#room = room;
	}

	/**
	 * @param stats - Of the directory, as of before it was listed.
	 * @param lookedAtMs - When that was, milliseconds since 1970: what changed between that look and the end of the listing may not show.
	 */
	keep(stats: Stats, lookedAtMs: number, listing: Listing): void {
		if (lookedAtMs - stats.ctimeMs < CLOCK_MS) return;
		const size = listing.byteLength + OWN_SIZE;
		if (size > this.#room) return;
		this.#room -= size;
		this.#listings.set(stateOf(stats), listing.packed());
	}

	/**
	 * The names in a directory, if they are known. They are given once, and not kept any longer.
	 *
	 * @param stats - Of the directory, as of now.
	 */
	take(stats: Stats): Listing | undefined {
		if (this.#listings.size === 0) return undefined;
		const state = stateOf(stats);
		const runs = this.#listings.get(state);
		this.#listings.delete(state);
		return runs && Listing.ofPacked(runs);
	}
}

/** Nobody can set `ctime`; where names come and go `mtime` follows, and the size on most file systems. */
function stateOf({ dev, ino, ctimeMs, mtimeMs, size }: Stats): string {
	return `${dev} ${ino} ${ctimeMs} ${mtimeMs} ${size}`;
}
