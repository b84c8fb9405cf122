import type { ArchiveReader } from "../../reader/archive-reader.ts";
import type { VerifyArchiveSettings } from "../options.ts";
import { packArchive } from "./archive-entries.ts";
import { compareEntries } from "./compare-entries.ts";
import type { EntryDifference } from "./difference.ts";
import { sourceSettings } from "./options.ts";
import { treeEntries } from "./tree-entries.ts";

/** Differences that are kept. */
const MOST_DIFFERENCES = 1_000;

/** How a directory differs from an archive. */
interface ComparedTree {
	readonly differenceCount: number;
	/** The first 1,000. */
	readonly differences: readonly EntryDifference[];
}

/** Compares an archive, by its directory, with a directory on disk. */
export async function compareTree(
	reader: ArchiveReader,
	path: string,
	settings: VerifyArchiveSettings,
): Promise<ComparedTree> {
	const { level, signal, onEvent = () => {} } = settings;
	const packed = await packArchive(reader, signal);
	const sources = sourceSettings(settings);
	const tree = treeEntries({ path, sources, withContent: level === "content", signal, onEvent });
	const differences: EntryDifference[] = [];
	let differenceCount = 0;
	for await (const difference of compareEntries(packed, tree)) {
		differenceCount++;
		if (differences.length < MOST_DIFFERENCES) differences.push(difference);
	}
	return { differenceCount, differences };
}
