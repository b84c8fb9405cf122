import type { Batches } from "../../../async/batches.ts";
import { mapInOrder } from "../../../async/map-in-order.ts";
import { InvalidOptionError, SourceError } from "../../../errors.ts";
import { shownAddress } from "../../../reader/ranged/url/shown-url.ts";
import { looksLikeWebUrl } from "../../../sources/address.ts";
import type { EntrySource, MeasurableEntry, SourceReport } from "../../../sources/entry-source.ts";
import { createFilter } from "../../../sources/files/filter.ts";
import { closeSources, openSources } from "../../../sources/open-sources.ts";
import type { OpeningSettings } from "../../../sources/options.ts";
import type { EntryPin } from "../../../sources/pins/entry-pin.ts";
import type { Source } from "../../../sources/source.ts";
import { isPathSource, isUrlSource } from "../../../sources/source-forms.ts";
import { type EntryLine, entryLines } from "./entry-lines.ts";
import type { FoundEntry, PinnedSources } from "./found-entry.ts";
import { ListedPins } from "./pin-listed.ts";
import { type EntryListSource, isEntryList, type ShardSource } from "./shard-source.ts";

/** Sources that workers reach as well. */
export interface OpenedSources {
	/** What each of them has, in the order of names. */
	readonly sources: readonly Batches<FoundEntry>[];
	close(): Promise<void>;
}

/** Entries that are looked at at once. */
const LOOK_UPS = 48;
const LIMIT = { count: LOOK_UPS, weight: Number.POSITIVE_INFINITY, weigh: () => 0 };

/**
 * Opens the sources of an archive that workers are to make.
 *
 * @param pinned - Gets what they are for workers.
 * @param now - Time of what tells none, milliseconds since 1970.
 * @throws {InvalidOptionError} for a source that workers cannot reach.
 * @throws as {@link openSources}
 */
export async function openPinned(
	given: readonly ShardSource[],
	settings: OpeningSettings,
	pinned: PinnedSources,
	report: SourceReport,
	now: number,
): Promise<OpenedSources> {
	const lists = given.filter(
		(source) => typeof source === "object" && source !== null && isEntryList(source),
	);
	if (lists.length > 0) {
		if (lists.length < given.length)
			throw new InvalidOptionError(
				"a list of entries has all that is to be archived: no other sources beside it",
			);
		const pins = new ListedPins(settings, LOOK_UPS, now);
		const sources = (lists as EntryListSource[]).map((list, index) =>
			listed(entryLines(list, `sources[${index}].entries`), pins, settings, pinned, report),
		);
		return { sources, close: () => pins.close() };
	}
	for (const [index, source] of given.entries()) refuseUnreachable(source, `sources[${index}]`);
	const opened = await openSources(given as readonly Source[], settings, now);
	return {
		sources: opened.map((source) => found(source, pinned, report, settings.signal)),
		close: () => closeSources(opened),
	};
}

/** What is no source at all is refused where sources are opened. */
function refuseUnreachable(source: ShardSource, place: string): void {
	if (typeof source !== "object" || source === null) return;
	if (isUrlSource(source as Exclude<Source, string>)) {
		if (!("storage" in source) || source.storage === undefined) return;
		throw new InvalidOptionError(`${place}.storage is for one process only`, {
			advice: { kind: "set-option", option: "sourceStorage", purpose: "and tell each worker the same" },
		});
	}
	if (isPathSource(source as Exclude<Source, string>)) return;
	const what = "only paths, addresses and lists of entries are reached by all workers";
	throw new InvalidOptionError(`${place} cannot be archived by workers: ${what}`);
}

async function* found(
	source: EntrySource,
	pinned: PinnedSources,
	report: SourceReport,
	signal: AbortSignal | undefined,
): AsyncGenerator<Iterable<FoundEntry>, void, void> {
	if (source.pinned === undefined) throw new TypeError("the source cannot be pinned");
	const index = pinned.add(source.pinned);
	const leaveOut = (entry: MeasurableEntry, error: unknown) =>
		report.onUnreadable(entry.origin, error) ?? undefined;
	const foundAs = (entry: MeasurableEntry, pin: EntryPin | undefined): FoundEntry | undefined => {
		if (pin === undefined) throw new TypeError(`${entry.origin} cannot be pinned`);
		const { stored } = entry;
		return {
			...{ name: Buffer.from(entry.name).toString("latin1"), source: index, pin, of: entry },
			...(stored === undefined ? {} : { stored: { source: stored.address, etag: stored.etag } }),
		};
	};
	const look = (entry: MeasurableEntry) => {
		try {
			const pin = entry.pin?.();
			if (!(pin instanceof Promise)) return foundAs(entry, pin);
			return pin.then(
				(its) => foundAs(entry, its),
				(error: unknown) => leaveOut(entry, error),
			);
		} catch (error) {
			return leaveOut(entry, error);
		}
	};
	for await (const batch of mapInOrder(source.entries(report), look, LIMIT, { signal })) yield present(batch);
}

async function* listed(
	lines: Batches<EntryLine>,
	pins: ListedPins,
	settings: OpeningSettings,
	pinned: PinnedSources,
	report: SourceReport,
): AsyncGenerator<Iterable<FoundEntry>, void, void> {
	const filter = createFilter(settings);
	const { excludeLargerThan = Number.POSITIVE_INFINITY, signal } = settings;
	const look = async (line: EntryLine): Promise<FoundEntry | undefined> => {
		const { name } = line;
		const origin = looksLikeWebUrl(line.source) ? shownAddress(line.source) : line.source;
		const text = Buffer.from(name, "latin1").toString();
		if (filter.excludes(text) || !filter.includes(text)) return undefined;
		try {
			const { source, pin } = await pins.pin(line, report);
			if (pin.size > excludeLargerThan) return undefined;
			const found = { name, source: pinned.add(source), pin, of: { origin } };
			const { place: key, etag } = pin;
			const isOfTarget = source.kind === "objects" && settings.sharesStorage === true && etag !== undefined;
			return isOfTarget ? { ...found, stored: { source: { bucket: source.bucket, key }, etag } } : found;
		} catch (error) {
			signal?.throwIfAborted();
			report.onUnreadable(origin, inLine(error, line));
			return undefined;
		}
	};
	for await (const batch of mapInOrder(lines, look, LIMIT, { signal })) yield present(batch);
}

function* present(batch: Iterable<FoundEntry | undefined>): Generator<FoundEntry, void, void> {
	for (const entry of batch) if (entry !== undefined) yield entry;
}

/** Who has a list of a million entries wants to know which one it is. */
function inLine(error: unknown, { place }: EntryLine): unknown {
	if (!(error instanceof SourceError)) return error;
	const { code, problem, origin = "", advice, cause } = error;
	return new SourceError(code, `${place}: ${problem}`, { origin, advice, cause });
}
