import { InvalidOptionError } from "../../errors.ts";
import { type EntryKind, METHOD_CHOICES } from "../../zip/entry.ts";
import { encodeEntryName } from "../../zip/format/entry-name.ts";
import { U16_MAX } from "../../zip/format/limits.ts";
import {
	DEFAULT_LOOK_AHEAD,
	type EntrySource,
	type GeneratedEntry,
	type MeasurableEntry,
	type SourceOptions,
} from "../source.ts";
import { contentSize, holdBackErrors, isRereadable, openContent, refuseUsedContent } from "./content.ts";
import { refuseUsed, takeIterator } from "./read-once.ts";

const SOURCE_OF_ENTRIES = "an iterable of entries among the sources";

const DEFAULT_MODE: Readonly<Record<EntryKind, number>> = { file: 0o644, directory: 0o755, symlink: 0o777 };

/**
 * Entries made by the program: one, an array of them, or an iterable that makes them when asked.
 *
 * @param now - Time of entries that have none, milliseconds since 1970.
 * @throws {SourceError} for a stream or iterator of entries that was read before.
 */
export function generatedSource(
	entries: readonly GeneratedEntry[] | Iterable<GeneratedEntry> | AsyncIterable<GeneratedEntry>,
	now: number,
	{ mtime }: SourceOptions,
): EntrySource {
	refuseUsed(entries, SOURCE_OF_ENTRIES);
	return {
		repeatable: Array.isArray(entries),
		rereadable: Array.isArray(entries) && entries.every(({ content }) => isRereadable(content)),
		distinct: Array.isArray(entries) && entries.length < 2,
		lookAhead: DEFAULT_LOOK_AHEAD,
		namePrefix: "",
		async *entries() {
			for await (const entry of takeOnce(entries)) yield [toEntry(entry, now, mtime)];
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
 * @throws {InvalidEntryNameError}
 * @throws {InvalidOptionError} if content, link target and kind contradict each other, or a detail is out of
 * its range.
 */
export function checkGeneratedEntry(entry: GeneratedEntry): void {
	toEntry(entry, 0, undefined);
}

function toEntry(entry: GeneratedEntry, now: number, fixedMtime: Date | undefined): MeasurableEntry {
	const { name, content, linkTarget, size, comment, method } = entry;
	const origin = `"${name}"`;
	const kind: EntryKind = linkTarget !== undefined ? "symlink" : name.endsWith("/") ? "directory" : "file";
	const data = linkTarget ?? content;
	if (kind === "directory" && data !== undefined) {
		throw new InvalidOptionError(
			`the entry ${origin} is a directory, by its trailing slash, and cannot have content`,
		);
	}
	if (kind !== "directory" && data === undefined) {
		throw new InvalidOptionError(`the entry ${origin} has no content`);
	}
	if (linkTarget !== undefined && (content !== undefined || linkTarget === "" || name.endsWith("/"))) {
		throw new InvalidOptionError(
			`the link ${origin} needs a target, and neither content nor a trailing slash`,
		);
	}
	if (linkTarget !== undefined && Buffer.byteLength(linkTarget, "utf8") > U16_MAX) {
		throw new InvalidOptionError(`the target of the link ${origin} has more than 65,535 bytes`);
	}
	checkDetails(entry, origin);
	const mtimeMs = (fixedMtime ?? entry.mtime)?.getTime() ?? now;
	if (Number.isNaN(mtimeMs)) throw new InvalidOptionError(`the time of ${origin} is no valid date`);
	if (data !== undefined) holdBackErrors(data);
	return {
		name: encodeEntryName(name),
		kind,
		origin,
		mtimeMs,
		mode: entry.mode ?? DEFAULT_MODE[kind],
		size: data === undefined ? 0 : (size ?? contentSize(data)),
		comment,
		method,
		open: (signal) => openContent(data ?? "", size, origin, signal),
		/** Has nothing to tell that is not known, but while nothing was sent. */
		measure() {
			if (data !== undefined) refuseUsedContent(data, origin);
			return undefined;
		},
	};
}

/** What the types cannot say, while there is nothing to clean up yet. */
function checkDetails({ size, mode, method, comment = "" }: GeneratedEntry, origin: string): void {
	if (size !== undefined && !(Number.isSafeInteger(size) && size >= 0)) {
		throw new InvalidOptionError(`the size of ${origin} is no count of bytes: ${size}`);
	}
	// The file type that `st_mode` has above the permission bits is let in, and ignored.
	if (mode !== undefined && !(Number.isInteger(mode) && mode >= 0 && mode <= 0xffff)) {
		throw new InvalidOptionError(`the mode of ${origin} is no set of permission bits: ${mode}`);
	}
	if (method !== undefined && !METHOD_CHOICES.includes(method)) {
		throw new InvalidOptionError(`the method of ${origin} is none: ${JSON.stringify(method)}`);
	}
	const commentSize = Buffer.byteLength(comment, "utf8");
	if (commentSize > U16_MAX) {
		throw new InvalidOptionError(
			`the comment of ${origin} has ${commentSize} bytes; a ZIP holds at most 65,535`,
		);
	}
}
