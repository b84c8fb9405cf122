import { readlinkSync, type Stats } from "node:fs";
import { Turns } from "../../async/turns.ts";
import { crc32 } from "../../bytes/crc32.ts";
import { KiB } from "../../bytes/units.ts";
import { ExistingTree, type Found } from "../../extract/local/existing-tree.ts";
import { isSameFile, isSameFileNow } from "../../extract/local/same-content.ts";
import { placeEntry } from "../../extract/plan/place-entry.ts";
import type { IsWanted } from "../../extract/plan/plan-extraction.ts";
import type { PlacedEntry } from "../../extract/target.ts";
import type { ArchiveReader } from "../../reader/archive-reader.ts";
import { rootDirectory } from "../../sources/files/directories/root-directory.ts";
import { type Place, textOf } from "../../sources/files/place.ts";

const MOST_DIFFERENCES = 100;

/** Bytes of a file that is read with blocking calls. */
const SMALL_SIZE = 256 * KiB;

/** What is not as the archive has it. */
export interface RestoredDifferences {
	readonly count: number;
	/** The first 100: the path, and what is wrong with it. */
	readonly first: readonly string[];
}

/**
 * Reads what was restored once more, from disk, and compares it with the directory of the archive: kinds, sizes, times, and the CRC-32
 * of each file and link.
 *
 * @param path - Directory that it was restored to.
 * @param isWanted - Which entries that were.
 */
export async function compareRestored(
	reader: ArchiveReader,
	path: string,
	isWanted: IsWanted,
	signal: AbortSignal | undefined,
): Promise<RestoredDifferences> {
	const tree = new ExistingTree(rootDirectory(Buffer.from(path), false));
	const placing = {
		location: reader.source.location,
		stripComponents: 0,
		onWindows: process.platform === "win32",
	};
	const first: string[] = [];
	let count = 0;
	const turns = new Turns();
	for await (const batch of reader.entries(signal))
		for (const entry of batch) {
			if (turns.due) await turns.give();
			signal?.throwIfAborted();
			const placed = isWanted(entry) && entry.kind !== "other" ? placeEntry(entry, placing) : undefined;
			const difference = placed && (await differenceOf(placed, tree.look(placed.path)));
			if (placed === undefined || difference === undefined) continue;
			count += 1;
			if (first.length < MOST_DIFFERENCES) first.push(`${textOf(placed.path)} ${difference}`);
		}
	return { count, first };
}

function isSame(place: Place, stats: Stats, entry: PlacedEntry): boolean | Promise<boolean> {
	return entry.uncompressedSize <= SMALL_SIZE
		? isSameFileNow(place, stats, entry)
		: isSameFile(place, stats, entry);
}

/** What is wrong, in words that go on behind a name. */
async function differenceOf(entry: PlacedEntry, found: Found | undefined): Promise<string | undefined> {
	if (found === undefined || "inTheWay" in found) return "was not restored";
	const { stats, place } = found;
	switch (entry.kind) {
		case "directory":
			return stats.isDirectory() ? undefined : "is no directory";
		case "symlink":
			if (!stats.isSymbolicLink()) return "is no symbolic link";
			return place.now((path) => crc32(readlinkSync(path, "buffer"))) === entry.crc32
				? undefined
				: "leads elsewhere";
		default:
			if (!stats.isFile()) return "is no file";
			return (await isSame(place, stats, entry)) ? undefined : "differs in size, time or CRC-32";
	}
}
