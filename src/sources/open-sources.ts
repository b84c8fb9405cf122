import type { Batches } from "../async/batches.ts";
import { SourceError, ZipferryError } from "../errors.ts";
import type { ZipferryEventListener } from "../events.ts";
import { invalidOption } from "../options/invalid-option.ts";
import { checkValue, resolveOptions } from "../options/resolve-options.ts";
import { looksLikeS3Url } from "../s3/address.ts";
import type { LookAhead } from "../zip/blocks/read-blocks.ts";
import { displayName } from "../zip/format/entry-name.ts";
import { commandSource } from "./commands/command-source.ts";
import { describeFileError } from "./files/describe-file.ts";
import { errorCode } from "./files/file-system.ts";
import { openListSource } from "./files/listed/list-source.ts";
import { openPathSource } from "./files/path-source.ts";
import { checkGeneratedEntry, generatedSource } from "./generated/generated-source.ts";
import { takeIterator } from "./generated/read-once.ts";
import { isToLeaveOut, type Skipping } from "./left-out.ts";
import {
	ARCHIVED_SCHEMA,
	COMMAND_SCHEMA,
	type OpeningSettings,
	PATH_LIST_SCHEMA,
	PATH_SCHEMA,
	URL_SCHEMA,
} from "./options.ts";
import { portableName } from "./portable-names.ts";
import type {
	ArchivedSource,
	CommandSource,
	EntrySource,
	GeneratedEntry,
	LeftOut,
	MeasurableEntry,
	PathListSource,
	PathSource,
	Source,
	SourceReport,
	UrlSource,
} from "./source.ts";

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
	try {
		for (const [index, source] of sources.entries())
			opened.push(await openSource(source, `sources[${index}]`, sources.length === 1, now, options));
	} catch (error) {
		await closeSources(opened);
		throw error;
	}
	return options.portableNames ? opened.map(withPortableNames) : opened;
}

/** The same source with names that every system takes. */
function withPortableNames(source: EntrySource): EntrySource {
	return {
		...source,
		async *entries(report) {
			for await (const batch of source.entries(report)) yield renamed(batch, report);
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
	const { kind, mtimeMs, mode, size, comment, method, inTurn, origin } = entry;
	return {
		...{ name, kind, mtimeMs, mode, size, comment, method, inTurn, origin, givenName: entry.name },
		open: (signal) => entry.open(signal),
		readAtOnce: (take) => entry.readAtOnce?.(take),
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
		const reason = describeFileError(error);
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
): Promise<EntrySource> {
	if (typeof source === "string") {
		if (isAddress(source)) return openUrl({ url: source }, place, alone, options);
		checkValue(PATH_SCHEMA.fields.path, source, place);
		return openPathSource({ path: source }, alone, options);
	}
	if (typeof source !== "object" || source === null) throw invalidOption(place, SOURCE, source);
	if (isPathSource(source))
		return openPathSource(resolveOptions(PATH_SCHEMA, source, { path: place }), alone, options);
	if (isPathList(source)) {
		const { paths } = resolveOptions(PATH_LIST_SCHEMA, source, { path: place });
		const iterator = takeIterator(paths, "the list of paths") as Iterator<string | Uint8Array>; // not async, by its schema
		return openListSource({ [Symbol.iterator]: () => iterator }, `${place}.paths`, options);
	}
	if (isCommand(source))
		return commandSource(resolveOptions(COMMAND_SCHEMA, source, { path: place }), now, options);
	if (isUrlSource(source)) return openUrl(source, place, alone, options);
	if (isArchived(source)) {
		const { openArchivedSource } = await import("./archived/archived-source.ts");
		return openArchivedSource(resolveOptions(ARCHIVED_SCHEMA, source, { path: place }), options);
	}
	if (isIterable(source)) return generatedSource(source, now, options, place);
	checkGeneratedEntry(source, place);
	return generatedSource([source], now, options, place);
}

/** What reaches a storage or a web server is loaded when there is one. */
async function openUrl(
	source: UrlSource,
	place: string,
	alone: boolean,
	options: OpeningSettings,
): Promise<EntrySource> {
	const resolved = resolveOptions(URL_SCHEMA, source, { path: place });
	if (looksLikeS3Url(String(resolved.url))) {
		const { openObjectSource } = await import("./objects/object-source.ts");
		return openObjectSource(resolved, alone, options);
	}
	const { openWebSource } = await import("./web/web-source.ts");
	return openWebSource(resolved, options);
}

function isAddress(text: string): boolean {
	return looksLikeS3Url(text) || /^https?:\/\//i.test(text);
}

const SOURCE =
	"a path or address, { path, as }, { paths }, { url, as }, { archive, entry }, { name, command }, a generated entry, or an iterable of entries";

function isUrlSource(source: Exclude<Source, string>): source is UrlSource {
	return "url" in source;
}

function isArchived(source: Exclude<Source, string>): source is ArchivedSource {
	return "archive" in source;
}

function isPathSource(source: Exclude<Source, string>): source is PathSource {
	return "path" in source;
}

function isPathList(source: Exclude<Source, string>): source is PathListSource {
	return "paths" in source;
}

function isCommand(source: Exclude<Source, string>): source is CommandSource {
	return "command" in source;
}

function isIterable(
	source: Exclude<Source, string>,
): source is Iterable<GeneratedEntry> | AsyncIterable<GeneratedEntry> {
	return Symbol.iterator in source || Symbol.asyncIterator in source;
}
