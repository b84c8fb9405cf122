import type { Batches } from "../../async/batches.ts";
import { mapInOrder } from "../../async/map-in-order.ts";
import type { Entry } from "../entry.ts";
import type { FinishedRun } from "../spans.ts";
import { gatherRuns } from "./gather-runs.ts";
import { GatheredRun } from "./gathered-run.ts";
import type { MadeRun, RunThreads } from "./run-threads.ts";

/** What other entries weigh beside a run: so many of them are passed on ahead. */
const ENTRY_WEIGHT = 1 / 64;

/**
 * Has threads make runs of the entries that they can read. All others are passed on as they are, in their places.
 *
 * @param onStop - See {@link InOrderOptions.onStop}.
 */
export async function* finishRuns(
	entries: Batches<Entry>,
	threads: RunThreads,
	signal: AbortSignal,
	onStop: () => void,
): AsyncGenerator<Iterable<Entry | FinishedRun>, void, void> {
	const gathered = gatherRuns(entries, threads.startAfter, {
		begin: () => threads.begin(),
		limits: () => threads.limits,
	});
	const make = (item: Entry | GatheredRun): Entry | MadeRun | Promise<MadeRun> =>
		item instanceof GatheredRun ? threads.make(item) : item;
	const limit = {
		count: Number.POSITIVE_INFINITY,
		weight: threads.enough,
		weigh: (item: Entry | GatheredRun) => (item instanceof GatheredRun ? 1 : ENTRY_WEIGHT),
	};
	const made = mapInOrder<Entry | GatheredRun, Entry | MadeRun>(gathered, make, limit, {
		signal,
		onStop,
		discard: (item) => (isMade(item) ? item.rest?.release() : undefined),
	});
	/** Made in its turn, as its size has no limit. */
	let rest: GatheredRun | undefined;
	function* items(batch: Iterable<Entry | MadeRun>): Generator<Entry | FinishedRun, void, void> {
		for (const item of batch) {
			if (!isMade(item)) {
				yield item;
				continue;
			}
			rest = item.rest;
			yield* item.items;
			if (rest !== undefined) return;
		}
	}
	try {
		for await (const batch of made) {
			yield items(batch);
			while (rest !== undefined) yield items([await threads.make(rest)]);
		}
	} finally {
		rest?.release();
	}
}

function isMade(item: Entry | MadeRun): item is MadeRun {
	return "items" in item;
}
