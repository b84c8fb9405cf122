import { anySignal } from "../../async/any-signal.ts";
import { mapInOrder } from "../../async/map-in-order.ts";
import { MiB } from "../../bytes/units.ts";
import type { EntrySource, MeasurableEntry, SourceReport } from "../../sources/entry-source.ts";
import type { RangedContent } from "../../sources/ranged-content.ts";
import type { OpenEntry } from "../../zip/blocks/read-blocks.ts";
import type { FairShare } from "./fair-share.ts";

/** An entry with its content as it stands. */
export interface SeenEntry extends OpenEntry {
	readonly entry: MeasurableEntry;
	readonly size: number;
	/** Directories have none. */
	readonly content: RangedContent | undefined;
}

/** In the place of an entry whose content has no known size or no state that it can be told by. */
export const UNDETERMINED = "undetermined";

const LOOK_UPS = 32;

/**
 * Looks at the entries of a source, some at once; those that are left out are `undefined`.
 *
 * @param share - Of those who hold what they have seen for as long as their clients take.
 */
export async function* lookAtEntries(
	source: EntrySource,
	report: SourceReport,
	ending: AbortSignal,
	share?: FairShare,
): AsyncGenerator<Iterable<SeenEntry | typeof UNDETERMINED | undefined>, void, void> {
	const stopping = new AbortController(); // who has seen enough does not wait for more
	const { signal, release } = anySignal(ending, stopping.signal);
	const look = async (entry: MeasurableEntry) => {
		try {
			return seen(entry, await entry.ranged?.(signal));
		} catch (error) {
			signal.throwIfAborted();
			report.onUnreadable(entry.origin, error);
			return undefined;
		}
	};
	const lookOrPass = (entry: MeasurableEntry) =>
		entry.kind === "directory" ? seen(entry, undefined) : look(entry);
	const limit = {
		get count() {
			return share?.upTo(LOOK_UPS) ?? LOOK_UPS;
		},
		...{ weight: MiB, weigh: () => 1 },
	};
	const onStop = () => stopping.abort();
	share?.enter();
	try {
		yield* mapInOrder(source.entries(report), lookOrPass, limit, { signal, onStop });
	} finally {
		share?.leave();
		release();
	}
}

function seen(entry: MeasurableEntry, content: RangedContent | undefined): SeenEntry | typeof UNDETERMINED {
	const { mtimeMs, mode } = entry;
	if (entry.kind === "directory") return { entry, mtimeMs, mode, size: 0, content: undefined };
	if (content === undefined) return UNDETERMINED;
	return { entry, mtimeMs: content.mtimeMs, mode: content.mode, size: content.size, content };
}
