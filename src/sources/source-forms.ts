import type {
	ArchivedSource,
	CommandSource,
	GeneratedEntry,
	PathListSource,
	PathSource,
	Source,
	UrlSource,
} from "./source.ts";

/* The forms of a source, told apart by what they have. */

export function isUrlSource(source: Exclude<Source, string>): source is UrlSource {
	return "url" in source;
}

export function isArchived(source: Exclude<Source, string>): source is ArchivedSource {
	return "archive" in source;
}

export function isPathSource(source: Exclude<Source, string>): source is PathSource {
	return "path" in source;
}

export function isPathList(source: Exclude<Source, string>): source is PathListSource {
	return "paths" in source;
}

export function isCommand(source: Exclude<Source, string>): source is CommandSource {
	return "command" in source;
}

export function isIterable(
	source: Exclude<Source, string>,
): source is Iterable<GeneratedEntry> | AsyncIterable<GeneratedEntry> {
	return Symbol.iterator in source || Symbol.asyncIterator in source;
}
