import { IndexSet } from "../../extract/plan/index-set.ts";
import type { IsWanted } from "../../extract/plan/plan-extraction.ts";
import { sampleOf } from "../../verify/sample.ts";

/** Fewer say little, and cost as much as one. */
const FEWEST = 16;

/**
 * Chooses entries of an archive at random, the same ones for the same seed.
 *
 * @param share - Above 0 and up to 1; of small archives more is taken, at least 16 entries.
 */
export function drillSample(entryCount: number, share: number, seed: string): IsWanted {
	const wanted = Math.max(FEWEST, Math.ceil(entryCount * share));
	if (wanted >= entryCount) return () => true;
	const sample = sampleOf(entryCount, wanted, seed);
	const chosen = new IndexSet();
	for (let index = 0; index < entryCount; index++) if (sample.next()) chosen.add(index);
	return ({ index }) => chosen.has(index);
}
