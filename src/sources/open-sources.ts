import type { Batches } from "../async/batches.ts";
import { mapInOrder } from "../async/map-in-order.ts";
import { SourceError, ZipferryError } from "../errors.ts";
import type { ZipferryEventListener } from "../events.ts";
import { invalidOption } from "../options/invalid-option.ts";
import { checkValue, resolveOptions } from "../options/resolve-options.ts";
import { ArchiveError } from "../reader/archive-error.ts";
import type { LookAhead } from "../zip/blocks/read-blocks.ts";
import { displayName } from "../zip/format/entry-name.ts";
import { looksLikeAddress } from "./address.ts";
import { commandSource } from "./commands/command-source.ts";
import type { EntrySource, LeftOut, MeasurableEntry, SourceReport } from "./entry-source.ts";
import { describeFileError } from "./files/describe-file.ts";
import { KnownListings } from "./files/directories/known-listings.ts";
import { errorCode } from "./files/file-system.ts";
import { openListSource } from "./files/listed/list-source.ts";
import { openPathSource } from "./files/path-source.ts";
import { checkGeneratedEntry, generatedSource } from "./generated/generated-source.ts";
import { takeIterator } from "./generated/read-once.ts";
import { isToLeaveOut, type Skipping } from "./left-out.ts";
import { portableName } from "./names/portable-names.ts";
import { openArchived, openUrl } from "./open-remote.ts";
import { COMMAND_SCHEMA, type OpeningSettings, PATH_LIST_SCHEMA, PATH_SCHEMA } from "./options.ts";
import type { Source } from "./source.ts";
import { isArchived, isCommand, isIterable, isPathList, isPathSource, isUrlSource } from "./source-forms.ts";

/**
 * Checks that every path is there and brings all kinds of sources into one form.
 *
 * @param now - Time of generated entries that have none, milliseconds since 1970.
 * @throws {SourceError} for a named path that is missing or unreadable.
 * @throws {InvalidOptionError} for what is no source, and an empty path, as an unset shell variable gives.
 */
export async function openSources(
	sources: readonly Source[],
	options: OpeningSettings,
	now: number,
): Promise<EntrySource[]> {
	const opened: EntrySource[] = [];
	const listings = new KnownListings();
	const open = ([index, source]: readonly [number, Source]) =>
		openSource(source, `sources[${index}]`, sources.length === 1, now, options, listings);
	const discard = async (source: EntrySource) => source.close?.();
	try {
		for await (const batch of mapInOrder(inOneBatch(sources), open, OPENED_AT_ONCE, { discard }))
			for (const source of batch) opened.push(source); // one by one: the next may fail
	} catch (error) {
		await closeSources(opened);
		throw error;
	}
	return options.portableNames ? opened.map(withPortableNames) : opened;
}

/** Those behind addresses take a request each. */
const OPENED_AT_ONCE = { count: 32, weight: Number.POSITIVE_INFINITY, weigh: () => 0 };

async function* inOneBatch(
	sources: readonly Source[],
): AsyncGenerator<Iterable<[number, Source]>, void, void> {
	yield sources.entries();
}

/** The same source with names that every system takes. */
function withPortableNames(source: EntrySource): EntrySource {
	return {
		...source,
		async *entries(report, comesAgain) {
			for await (const batch of source.entries(report, comesAgain)) yield renamed(batch, report);
		},
	};
}

function* renamed(
	entries: Iterable<MeasurableEntry>,
	{ onEvent }: SourceReport,
): Generator<MeasurableEntry, void, void> {
	for (const entry of entries) {
		const name = portableName(entry.name);
		if (Buffer.compare(name, entry.name) === 0) {
			yield entry;
			continue;
		}
		onEvent({ type: "renamed", from: displayName(entry.name), to: displayName(name) });
		yield withName(entry, name);
	}
}

function withName(entry: MeasurableEntry, name: Uint8Array): MeasurableEntry {
	const { kind, mtimeMs, given, mode, size, comment, method, inTurn, origin, raw } = entry;
	return {
		...{ name, kind, mtimeMs, given, mode, size, comment, method, inTurn, origin, raw },
		givenName: entry.name,
		stored: entry.stored,
		open: (signal) => entry.open(signal),
		readAtOnce: (take) => entry.readAtOnce?.(take),
		threadFile: entry.threadFile,
		measure: () => entry.measure?.(),
		ranged: (signal) => entry.ranged?.(signal),
	};
}

/** The needs of all of them together: the most that any of them needs. */
export function lookAheadOf(sources: readonly EntrySource[]): LookAhead {
	return {
		count: Math.max(1, ...sources.map(({ lookAhead }) => lookAhead.count)),
		size: Math.max(0, ...sources.map(({ lookAhead }) => lookAhead.size)),
	};
}

/** Ends what they have started, and resolves when it has ended. */
export async function closeSources(sources: readonly EntrySource[]): Promise<void> {
	await Promise.all(sources.map((source) => source.close?.()));
}

/** All entries, source after source. */
export function allEntries(sources: readonly EntrySource[], report: SourceReport): Batches<MeasurableEntry> {
	const [only] = sources;
	// Passing them on would cost a turn for each.
	return only !== undefined && sources.length === 1
		? only.entries(report)
		: oneAfterTheOther(sources, report);
}

async function* oneAfterTheOther(
	sources: readonly EntrySource[],
	report: SourceReport,
): AsyncGenerator<Iterable<MeasurableEntry>, void, void> {
	for (const source of sources) yield* source.entries(report);
}

/** Turns what cannot be read into an error, or into a warning where it is to be left out. */
export function sourceReport(skipping: Skipping, onEvent: ZipferryEventListener): SourceReport {
	const onUnreadable = (origin: string, error: unknown, what: LeftOut = "entry") => {
		if (!isToLeaveOut(error, skipping)) throw unreadable(origin, error);
		const reason = error instanceof ArchiveError ? error.reason : describeFileError(error);
		const message =
			what === "entry"
				? `left out ${origin}: ${reason}`
				: `left out what is in the directory ${origin}: ${reason}${what === "contents" ? EMPTY : ""}`;
		onEvent({ type: "warning", code: "UNREADABLE_SKIPPED", message, origin });
		onEvent({ type: "skipped", origin, reason, ...(what === "contents" ? { contentsOnly: true } : {}) });
	};
	return { onEvent, onUnreadable };
}

const EMPTY = "; the directory itself is in the archive";

/** Errors of ours and of the caller's content stay as they are; those of the system get the path. */
function unreadable(origin: string, error: unknown): unknown {
	if (errorCode(error) === undefined || error instanceof ZipferryError) return error;
	const message = `cannot read ${origin}: ${describeFileError(error)}`;
	return new SourceError("SOURCE_UNREADABLE", message, { origin, cause: error });
}

async function openSource(
	source: Source,
	place: string,
	alone: boolean,
	now: number,
	options: OpeningSettings,
	listings: KnownListings,
): Promise<EntrySource> {
	if (typeof source === "string") {
		if (looksLikeAddress(source)) return openUrl({ url: source }, place, alone, now, options);
		checkValue(PATH_SCHEMA.fields.path, source, place);
		return openPathSource({ path: source }, alone, options, listings);
	}
	if (typeof source !== "object" || source === null) throw invalidOption(place, SOURCE, source);
	if (isPathSource(source))
		return openPathSource(resolveOptions(PATH_SCHEMA, source, { path: place }), alone, options, listings);
	if (isPathList(source)) {
		const { paths } = resolveOptions(PATH_LIST_SCHEMA, source, { path: place });
		const iterator = takeIterator(paths, "the list of paths") as Iterator<string | Uint8Array>; // not async, by its schema
		return openListSource({ [Symbol.iterator]: () => iterator }, `${place}.paths`, options, listings);
	}
	if (isCommand(source))
		return commandSource(resolveOptions(COMMAND_SCHEMA, source, { path: place }), now, options);
	if (isUrlSource(source)) return openUrl(source, place, alone, now, options);
	if (isArchived(source)) return openArchived(source, place, options);
	if (isIterable(source)) return generatedSource(source, now, options, place);
	checkGeneratedEntry(source, place);
	return generatedSource([source], now, options, place);
}

const SOURCE =
	"a path or address, { path, as }, { paths }, { url, as }, { archive, entry }, { name, command }, a generated entry, or an iterable of entries";
