import type { Copied } from "../../compose/copied.ts";
import type { EntrySample } from "../../verify/pieces/sampled-pieces.ts";

/** Copied entries that are read back at least, if there are as many. */
const LEAST = 16;

/** How many entries of so many are read back. */
export function sampleSize(count: number, share: number): number {
	return Math.min(count, Math.max(LEAST, Math.ceil(count * share)));
}

/** The copied entries of an archive that are read back: copied ones come first. */
export function sampleOfCopied(
	{ entryCount, size }: Pick<Copied, "entryCount" | "size">,
	share: number,
): EntrySample {
	return {
		count: entryCount,
		wanted: sampleSize(entryCount, share),
		isCandidate: ({ offset }) => offset < size,
	};
}
