import { displayName } from "../../zip/format/entry-name.ts";
import type { FinishedRun, ForeignRange, Span } from "../../zip/spans.ts";
import type { CopyableEntries, CopyableRun } from "./copyable-entries.ts";

/** Neighbours of an archive, on their way into another one. */
export interface CopiedRunOptions<Range extends ForeignRange> {
	readonly entries: CopyableEntries;
	readonly run: CopyableRun;
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
	run,
	location,
	spans,
	heldSize,
	positionOf,
}: CopiedRunOptions<Range>): FinishedRun<Range> {
	const indexAt = (nth: number) => entries.at(run.from + nth);
	return {
		spans,
		byteLength: run.end - run.start,
		heldSize,
		directory: entries.directoryOf(run),
		originOf: (nth) => `${location}!/${displayName(entries.factsOf(indexAt(nth)).rawName)}`,
		positionOf: (nth) => positionOf(indexAt(nth)),
	};
}

/** What a run counts for where what is copied counts as read: its contents, and its last entry. */
export function contentOfRun(entries: CopyableEntries, { from, to }: CopyableRun): FinishedRun["read"] {
	let size = 0;
	for (let place = from; place < to; place++) size += entries.factsOf(entries.at(place)).uncompressedSize;
	const { rawName, kind } = entries.factsOf(entries.at(to - 1));
	return { lastEntry: { name: rawName, kind: kind === "other" ? "file" : kind }, size };
}
