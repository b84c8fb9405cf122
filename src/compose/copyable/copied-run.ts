import { displayName } from "../../zip/format/entry-name.ts";
import type { FinishedRun, ForeignRange, Span } from "../../zip/spans.ts";
import type { CopyableEntries, CopyableRun } from "./copyable-entries.ts";

/** Neighbours of an archive, on their way into another one. */
export interface CopiedRunOptions<Range extends ForeignRange> {
	readonly entries: CopyableEntries;
	/** One or more, in the order of their bytes. */
	readonly runs: readonly CopyableRun[];
	/** The archive that they come from, for messages. */
	readonly location: string;
	/** Their bytes: a range of the archive, or what was read of it. */
	readonly spans: Iterable<Span<Range>>;
	/** Bytes of memory that they take. */
	readonly heldSize: number;
	/** See {@link FinishedRun.positionOf}: of an entry by its place in the directory of the archive. */
	readonly positionOf: (index: number) => number | undefined;
}

/** Neighbours of an archive as a run of another one. */
export function copiedRun<Range extends ForeignRange>({
	entries,
	runs,
	location,
	spans,
	heldSize,
	positionOf,
}: CopiedRunOptions<Range>): FinishedRun<Range> {
	const indexAt = (nth: number) => entries.at(placeIn(runs, nth));
	return {
		spans,
		byteLength: runs.reduce((sum, { start, end }) => sum + end - start, 0),
		heldSize,
		directory: entries.directoryOf(runs),
		originOf: (nth) => `${location}!/${displayName(entries.factsOf(indexAt(nth)).rawName)}`,
		positionOf: (nth) => positionOf(indexAt(nth)),
	};
}

/** The place of an entry in the order of the data, by its number in some runs. */
function placeIn(runs: readonly CopyableRun[], nth: number): number {
	let before = 0;
	for (const { from, to } of runs) {
		if (nth - before < to - from) return from + nth - before;
		before += to - from;
	}
	throw new RangeError(`there is no entry ${nth} in these runs`);
}

/** What a run counts for where what is copied counts as read: its contents, and its last entry. */
export function contentOfRun(entries: CopyableEntries, { from, to }: CopyableRun): FinishedRun["read"] {
	let size = 0;
	for (let place = from; place < to; place++) size += entries.factsOf(entries.at(place)).uncompressedSize;
	const { rawName, kind } = entries.factsOf(entries.at(to - 1));
	return { lastEntry: { name: rawName, kind: kind === "other" ? "file" : kind }, size };
}
