import type { CopyableEntries, CopyableRun } from "./copyable-entries.ts";

export interface RunCutting {
	/** Fewest bytes of a run: those of the smallest part. */
	readonly minSize: number;
	/** Most bytes of a part: a longer run is several. */
	readonly maxPartSize: number;
	/** Most parts of all runs together. The largest runs are taken. */
	readonly maxPartCount: number;
}

/**
 * Cuts the entries that are to be copied into runs of neighbours, in the order of their data.
 *
 * @param isChosen - Whether an entry is to be copied, by its place in the directory.
 * @returns runs that can be copied; the entries of all others have to be made, or carried.
 */
export function cutRuns(
	entries: CopyableEntries,
	isChosen: (index: number) => boolean,
	{ minSize, maxPartSize, maxPartCount }: RunCutting,
): readonly CopyableRun[] {
	const large = [...neighbours(entries, isChosen)].filter(({ start, end }) => end - start >= minSize);
	const partsOf = ({ start, end }: CopyableRun) => Math.ceil((end - start) / maxPartSize);
	if (large.reduce((sum, run) => sum + partsOf(run), 0) <= maxPartCount) return large;
	let left = maxPartCount;
	const kept = new Set<CopyableRun>();
	for (const run of [...large].sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start)) {
		if (partsOf(run) > left) continue;
		kept.add(run);
		left -= partsOf(run);
	}
	return large.filter((run) => kept.has(run));
}

/** The runs of all that are chosen, of any size. */
export function* neighbours(
	entries: CopyableEntries,
	isChosen: (index: number) => boolean,
): Generator<CopyableRun, void, void> {
	let from: number | undefined;
	for (let place = 0; place <= entries.count; place++) {
		if (place < entries.count && isChosen(entries.at(place))) {
			from ??= place;
			continue;
		}
		if (from !== undefined)
			yield { from, to: place, start: entries.startAt(from), end: entries.startAt(place) };
		from = undefined;
	}
}
