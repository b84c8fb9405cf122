import { InvalidOptionError } from "../../errors.ts";
import { momentMs } from "../../options/moment.ts";
import type { EntryKind } from "../../zip/entry.ts";
import { encodeEntryName } from "../../zip/format/entry-name.ts";
import { DEFAULT_LOOK_AHEAD, type EntrySource, type MeasurableEntry } from "../entry-source.ts";
import { entryTime, type TimeSettings } from "../entry-time.ts";
import { rangedBytes } from "../ranged-bytes.ts";
import type { GeneratedEntry } from "../source.ts";
import { sourceFailure } from "./callers-code.ts";
import { bytesOf, chunkSize, isChunk } from "./chunk.ts";
import { contentSize, holdBackErrors, isRereadable, openContent, refuseUsedContent } from "./content.ts";
import { checkEntryValues, entryPlace } from "./entry-schema.ts";
import { refuseUsed, takeIterator } from "./read-once.ts";

const SOURCE_OF_ENTRIES = "an iterable of entries among the sources";

const DEFAULT_MODE: Readonly<Record<EntryKind, number>> = { file: 0o644, directory: 0o755, symlink: 0o777 };

/**
 * Entries made by the program: one, an array of them, or an iterable that makes them when asked.
 *
 * @param now - Time of entries that have none, milliseconds since 1970.
 * @param path - Where they are among the sources, for messages.
 * @throws {SourceError} for a stream or iterator of entries that was read before.
 */
export function generatedSource(
	entries: readonly GeneratedEntry[] | Iterable<GeneratedEntry> | AsyncIterable<GeneratedEntry>,
	now: number,
	times: TimeSettings,
	path: string,
): EntrySource {
	refuseUsed(entries, SOURCE_OF_ENTRIES);
	return {
		repeatable: Array.isArray(entries),
		rereadable: Array.isArray(entries) && entries.every((entry) => isRereadable(entry?.content)),
		distinct: Array.isArray(entries) && entries.length < 2,
		lookAhead: DEFAULT_LOOK_AHEAD,
		namePrefix: "",
		async *entries() {
			let index = 0;
			const place = () => `${path}[${index}]`;
			try {
				for await (const entry of takeOnce(entries)) {
					yield [toEntry(entry, now, times, place)];
					index += 1;
				}
			} catch (thrown) {
				throw sourceFailure(SOURCE_OF_ENTRIES, thrown);
			}
		},
	};
}

/** The same to iterate, if it was not read before. */
function takeOnce(
	entries: Iterable<GeneratedEntry> | AsyncIterable<GeneratedEntry>,
): Iterable<GeneratedEntry> | AsyncIterable<GeneratedEntry> {
	const iterator = takeIterator(entries, SOURCE_OF_ENTRIES);
	return Symbol.asyncIterator in entries
		? { [Symbol.asyncIterator]: () => iterator as AsyncIterator<GeneratedEntry> }
		: { [Symbol.iterator]: () => iterator as Iterator<GeneratedEntry> };
}

/**
 * Checks one generated entry and holds back the errors of its stream until its turn.
 *
 * @param path - Where it is among the sources, for messages.
 * @throws {InvalidEntryNameError}
 * @throws {InvalidOptionError} if content, link target and kind contradict each other, or a detail is out of
 * its range.
 */
export function checkGeneratedEntry(entry: GeneratedEntry, path: string): void {
	toEntry(entry, 0, {}, () => path);
}

function toEntry(
	entry: GeneratedEntry,
	now: number,
	times: TimeSettings,
	path: () => string,
): MeasurableEntry {
	checkEntryValues(entry, path);
	const { name, content, linkTarget, size, comment, method } = entry;
	const origin = `"${name}"`;
	const kind: EntryKind = linkTarget !== undefined ? "symlink" : name.endsWith("/") ? "directory" : "file";
	const data = linkTarget ?? content;
	checkKind(entry, kind, path);
	const mtimeMs = entryTime(times, momentMs(entry.mtime ?? now));
	if (data !== undefined) holdBackErrors(data);
	const mode = entry.mode ?? DEFAULT_MODE[kind];
	return {
		name: encodeEntryName(name),
		kind,
		origin,
		mtimeMs,
		given: typeof data === "function" ? "maker" : "content",
		mode,
		size: data === undefined ? 0 : (size ?? contentSize(data)),
		comment,
		method,
		open: (signal) => openContent(data ?? "", size, origin, signal),
		/** What functions and streams give cannot be told before it is read. */
		ranged() {
			if (!isChunk(data) || (size ?? chunkSize(data)) !== chunkSize(data)) return undefined;
			return rangedBytes(bytesOf(data), { origin, mtimeMs, mode });
		},
		/** Has nothing to tell that is not known, but while nothing was sent. */
		measure() {
			if (data !== undefined) refuseUsedContent(data, origin);
			return undefined;
		},
	};
}

/** The field that contradicts the kind of the entry. */
function checkKind(entry: GeneratedEntry, kind: EntryKind, path: () => string): void {
	const { name, content } = entry;
	if (kind === "file") {
		if (content === undefined) throw refused(entry, path, "content", "is missing");
		return;
	}
	if (kind === "symlink" && name.endsWith("/")) throw refused(entry, path, "linkTarget", IS_DIRECTORY);
	if (content !== undefined)
		throw refused(
			entry,
			path,
			"content",
			kind === "symlink" ? "cannot be there: it is a link" : IS_DIRECTORY,
		);
}

const IS_DIRECTORY = "cannot be there: it is a directory, by the trailing slash of its name";

function refused(
	entry: GeneratedEntry,
	path: () => string,
	name: "content" | "linkTarget",
	problem: string,
): InvalidOptionError {
	const option = `${path()}.${name}`;
	return new InvalidOptionError(`${option}${entryPlace(entry, "").about} ${problem}`, { option });
}
