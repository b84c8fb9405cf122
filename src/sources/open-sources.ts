import type { Batches } from "../async/batches.ts";
import { InvalidOptionError, SourceError, ZipferryError } from "../errors.ts";
import type { EventListener } from "../events.ts";
import type { LookAhead } from "../zip/blocks/read-blocks.ts";
import { displayName } from "../zip/format/entry-name.ts";
import { errorCode } from "./files/file-system.ts";
import { openPathSource } from "./files/path-source.ts";
import { describeFileError } from "./files/walk.ts";
import { checkGeneratedEntry, generatedSource } from "./generated/generated-source.ts";
import { portableName } from "./portable-names.ts";
import type {
	EntrySource,
	GeneratedEntry,
	MeasurableEntry,
	PathSource,
	Source,
	SourceOptions,
	SourceReport,
} from "./source.ts";

/**
 * Checks that every path is there and brings all kinds of sources into one form.
 *
 * @param now - Time of generated entries that have none, milliseconds since 1970.
 * @throws {SourceError} for a named path that is missing or unreadable.
 * @throws {InvalidOptionError} for an empty path, as an unset shell variable gives.
 */
export async function openSources(
	sources: readonly Source[],
	options: SourceOptions,
	now: number,
): Promise<EntrySource[]> {
	const opened: EntrySource[] = [];
	for (const source of sources) opened.push(await openSource(source, sources.length === 1, now, options));
	return options.portableNames === true ? opened.map(withPortableNames) : opened;
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
	const { kind, mtimeMs, mode, size, comment, method, origin } = entry;
	return {
		...{ name, kind, mtimeMs, mode, size, comment, method, origin },
		open: (signal) => entry.open(signal),
		readAtOnce: (take) => entry.readAtOnce?.(take),
		measure: () => entry.measure?.(),
	};
}

/** What all of them together need: the most that any of them does. */
export function lookAheadOf(sources: readonly EntrySource[]): LookAhead {
	return {
		count: Math.max(1, ...sources.map(({ lookAhead }) => lookAhead.count)),
		size: Math.max(0, ...sources.map(({ lookAhead }) => lookAhead.size)),
	};
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
export function sourceReport(options: SourceOptions, onEvent: EventListener): SourceReport {
	const onUnreadable = (origin: string, error: unknown) => {
		if (options.skipErrors !== true) throw unreadable(origin, error);
		const reason = describeFileError(error);
		onEvent({
			type: "warning",
			code: "UNREADABLE_SKIPPED",
			message: `left out ${origin}: ${reason}`,
			origin,
		});
		onEvent({ type: "skipped", origin, reason });
	};
	return { onEvent, onUnreadable };
}

/** Errors of ours and of the caller's content stay as they are; those of the system get the path. */
function unreadable(origin: string, error: unknown): unknown {
	if (errorCode(error) === undefined || error instanceof ZipferryError) return error;
	const message = `cannot read ${origin}: ${describeFileError(error)}`;
	return new SourceError("SOURCE_UNREADABLE", message, { origin, cause: error });
}

async function openSource(
	source: Source,
	alone: boolean,
	now: number,
	options: SourceOptions,
): Promise<EntrySource> {
	if (typeof source === "string") return openNamed({ path: source }, alone, options);
	if (isPathSource(source)) return openNamed(source, alone, options);
	if (isIterable(source)) return generatedSource(source, now, options);
	checkGeneratedEntry(source);
	return generatedSource([source], now, options);
}

async function openNamed(source: PathSource, alone: boolean, options: SourceOptions): Promise<EntrySource> {
	if (source.path === "") throw new InvalidOptionError("a source is empty; is a variable unset?");
	if (source.path.includes("\0")) throw new InvalidOptionError("a source has a NUL character in its path");
	return openPathSource(source, alone, options);
}

function isPathSource(source: Exclude<Source, string>): source is PathSource {
	return "path" in source;
}

function isIterable(
	source: Exclude<Source, string>,
): source is Iterable<GeneratedEntry> | AsyncIterable<GeneratedEntry> {
	return Symbol.iterator in source || Symbol.asyncIterator in source;
}
