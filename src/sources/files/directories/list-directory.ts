import type { Stats } from "node:fs";
import type { Directory } from "../place.ts";
import type { KnownListings } from "./known-listings.ts";
import type { Listing } from "./listing.ts";
import { listNow, type ReadDirectoryOptions, readDirectory } from "./read-directory.ts";

/** What walks of the same tree know of each other. */
export interface EarlierWalks {
	readonly listings: KnownListings;
	/** Whether another walk follows, for which this one keeps what it lists. */
	readonly comesAgain: boolean;
}

/** The names in a directory: as an earlier walk has found them, if they are still the same, or as they are read now. */
export async function listDirectory(
	directory: Directory,
	how: ReadDirectoryOptions,
	earlier: EarlierWalks | undefined,
): Promise<Listing> {
	const lookedAtMs = Date.now();
	// A link that is followed may lead elsewhere by now, which the directory that it is in does not know.
	const stats = earlier === undefined || !how.blocking || how.followLinks ? undefined : lookNow(directory);
	const known = stats && earlier?.listings.take(stats);
	if (known !== undefined) return known;
	const place = directory.place("");
	const listing = listNow(place, how) ?? (await readDirectory(place, how));
	if (stats !== undefined && earlier?.comesAgain === true) earlier.listings.keep(stats, lookedAtMs, listing);
	return listing;
}

/** Whatever is wrong with it, reading it finds out, and has the words for it. */
function lookNow(directory: Directory): Stats | undefined {
	try {
		return directory.statNow();
	} catch {
		return undefined;
	}
}
