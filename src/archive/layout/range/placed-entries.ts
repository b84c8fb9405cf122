import type { Batches } from "../../../async/batches.ts";
import { Turns } from "../../../async/turns.ts";
import { SourceError } from "../../../errors.ts";
import type { EntrySource, SourceReport } from "../../../sources/entry-source.ts";
import { centralSize, type EntryExtent, entryExtent } from "../../../zip/format/entry-extent.ts";
import { checkOf, stateOf } from "../entry-state.ts";
import { FairShare } from "../fair-share.ts";
import { lookAtEntries, type SeenEntry, UNDETERMINED } from "../look.ts";
import type { Survey } from "../survey.ts";
import type { ByteWindow } from "./byte-window.ts";

/** An entry, and where it is in the archive. */
export interface PlacedEntry {
	/** Number among all entries, from 0. */
	readonly index: number;
	readonly seen: SeenEntry;
	readonly extent: EntryExtent;
	/** Of its local header. */
	readonly offset: number;
	/** Of its header in the central directory. */
	readonly centralOffset: number;
	readonly centralSize: number;
}

/** Entries that all readings of the process have looked at before their turn. */
const seenAhead = new FairShare(512);

export interface PlacingOptions {
	readonly survey: Survey;
	readonly sources: readonly EntrySource[];
	readonly report: SourceReport;
	readonly window: ByteWindow;
	/** Which part of the archive is asked for. */
	readonly part: "data" | "directory";
	readonly signal: AbortSignal;
}

/**
 * The entries of which a part is in the window. Those in front of it are looked at as well: they say where it is. Goes no further than the window does.
 *
 * @throws {SourceError} `SOURCE_CHANGED` if an entry is not as it was when the layout was made, before that entry is given.
 */
export async function* placedEntries(
	options: PlacingOptions,
): Batches<PlacedEntry> & AsyncGenerator<Iterable<PlacedEntry>, void, void> {
	const { sources, survey, report, signal } = options;
	const places = new Places(options);
	const turns = new Turns();
	for (const source of sources) {
		for await (const batch of lookAtEntries(source, report, signal, seenAhead)) {
			yield places.of(batch);
			if (places.isBehind) return;
			if (turns.due) await turns.give();
			signal.throwIfAborted();
		}
	}
	if (places.count < survey.checks.length)
		throw new SourceError(
			"SOURCE_CHANGED",
			"an entry was removed from the sources since the layout was made",
		);
}

class Places {
	readonly #options: PlacingOptions;
	#offset = 0;
	#centralOffset: number;
	count = 0;
	/** Whether nothing that comes is in the window. */
	isBehind = false;

	constructor(options: PlacingOptions) {
		this.#options = options;
		this.#centralOffset = options.survey.directory.offset;
	}

	*of(batch: Iterable<SeenEntry | typeof UNDETERMINED | undefined>): Generator<PlacedEntry, void, void> {
		const { window, part } = this.#options;
		for (const seen of batch) {
			if (seen === undefined) continue;
			const placed = this.#place(seen);
			const isWanted =
				part === "data"
					? window.overlaps(placed.offset, placed.extent.size)
					: window.overlaps(placed.centralOffset, placed.centralSize);
			if (isWanted) yield placed;
			this.isBehind = window.end <= (part === "data" ? this.#offset : this.#centralOffset);
			if (this.isBehind) return;
		}
	}

	#place(seen: SeenEntry | typeof UNDETERMINED): PlacedEntry {
		const index = this.count;
		if (seen === UNDETERMINED)
			throw new SourceError("SOURCE_CHANGED", "the sources are others than when the layout was made");
		if (this.#options.survey.checks.at(index) !== checkOf(stateOf(seen))) throw changed(seen.entry.origin);
		const { entry, mtimeMs, size } = seen;
		const { name, kind, comment, method = "wrap" } = entry;
		const sized = { name, kind, mtimeMs, size, method };
		const extent = entryExtent(sized);
		const offset = this.#offset;
		const centralOffset = this.#centralOffset;
		const placed = {
			index,
			seen,
			extent,
			offset,
			centralOffset,
			centralSize: centralSize(sized, comment, extent, offset),
		};
		this.#offset += extent.size;
		this.#centralOffset += placed.centralSize;
		this.count += 1;
		return placed;
	}
}

function changed(origin: string): SourceError {
	const message = `${origin} was changed, added, or took the place of another since the layout of the archive was made`;
	return new SourceError("SOURCE_CHANGED", message, { origin });
}
