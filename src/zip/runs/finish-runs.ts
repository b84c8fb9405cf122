import type { Batches } from "../../async/batches.ts";
import { mapInOrder } from "../../async/map-in-order.ts";
import type { Entry } from "../entry.ts";
import type { FinishedRun, ForeignRange } from "../spans.ts";
import { gatherRuns } from "./gather-runs.ts";
import { GatheredRun } from "./gathered-run.ts";
import type { MadeRun, RunThreads } from "./run-threads.ts";

/** What other entries weigh beside a run: so many of them are passed on ahead. */
const ENTRY_WEIGHT = 1 / 64;

/**
 * Has threads make runs of the entries that they can read. All others, and runs that are finished, are passed on as they are, in
 * their places.
 *
 * @param onStop - See {@link InOrderOptions.onStop}.
 */
export async function* finishRuns<Range extends ForeignRange = never>(
	entries: Batches<Entry | FinishedRun<Range>>,
	threads: RunThreads,
	signal: AbortSignal,
	onStop: () => void,
): AsyncGenerator<Iterable<Item<Range>>, void, void> {
	const gathered = gatherRuns(entries, threads.startAfter, {
		begin: () => threads.begin(),
		limits: () => threads.limits,
	});
	const make = (item: Item<Range> | GatheredRun): Item<Range> | MadeRun | Promise<MadeRun> =>
		item instanceof GatheredRun ? threads.make(item) : item;
	const limit = {
		count: Number.POSITIVE_INFINITY,
		weight: threads.enough,
		weigh: (item: Item<Range> | GatheredRun) => (item instanceof GatheredRun ? 1 : ENTRY_WEIGHT),
	};
	const made = mapInOrder<Item<Range> | GatheredRun, Item<Range> | MadeRun>(gathered, make, limit, {
		signal,
		onStop,
		discard: (item) => (isMade(item) ? item.rest?.release() : undefined),
	});
	/** Made in its turn, as its size has no limit. */
	let rest: GatheredRun | undefined;
	function* items(batch: Iterable<Item<Range> | MadeRun>): Generator<Item<Range>, void, void> {
		for (const item of batch) {
			if (!isMade(item)) {
				yield item;
				continue;
			}
			rest = item.rest;
			yield* item.items as readonly Item<Range>[];
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

type Item<Range extends ForeignRange> = Entry | FinishedRun<Range>;

function isMade(item: Item<ForeignRange> | MadeRun): item is MadeRun {
	return "items" in item;
}
