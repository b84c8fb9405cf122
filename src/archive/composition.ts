import type { Batches } from "../async/batches.ts";
import type { EntrySource, MeasurableEntry } from "../sources/entry-source.ts";
import type { Entry } from "../zip/entry.ts";
import type { FinishedRun, ForeignRange, Placement } from "../zip/spans.ts";
import type { ArchivePlan, FoundEntry } from "./plan.ts";

/** What an archive is made of. */
export interface Arrangement<Range extends ForeignRange> {
	/** Entries that are made, and runs of entries whose bytes exist already, in the order of the data. */
	readonly items: Batches<Entry | FinishedRun<Range>>;
	/** If the directory has another order. */
	readonly placement?: Placement | undefined;
}

/** Takes the place of entries of the sources, or adds to them, with what exists elsewhere already and need not be made. */
export interface Composition<Range extends ForeignRange> {
	/** Gets each entry that planning finds, in order. */
	look(found: FoundEntry): void | Promise<void>;
	/** Called when all have been found: what the archive comes to with all that is copied. */
	decide(plan: ArchivePlan): ArchivePlan | Promise<ArchivePlan>;
	/**
	 * Called once for each time that the archive is made.
	 *
	 * @param entries - Of all sources, also those that planning did not see: {@link MeasurableEntry.unplanned}.
	 */
	arrange(entries: Batches<MeasurableEntry>, signal: AbortSignal | undefined): Arrangement<Range>;
}

/** The same source, whose entries say so if planning does not see them. */
export function tellingUnplanned(source: EntrySource): EntrySource {
	if (source.repeatable) return source;
	return {
		...source,
		async *entries(report, comesAgain) {
			for await (const batch of source.entries(report, comesAgain)) yield unplanned(batch);
		},
	};
}

function* unplanned(batch: Iterable<MeasurableEntry>): Generator<MeasurableEntry, void, void> {
	for (const entry of batch) yield Object.assign(entry, { unplanned: true });
}
