import { Readable } from "node:stream";
import { ReadableStream } from "node:stream/web";
import type { GeneratedEntry, Source } from "../source.ts";
import { type Content, holdBackErrors } from "./content.ts";

/**
 * Keeps failures of streams and promises that were given from bringing the process down before their turn, which
 * may be after the first requests to a storage.
 */
export function holdBackUnread(sources: Source | readonly Source[]): void {
	for (const content of contentsOf(sources)) holdBackErrors(content);
}

/**
 * Destroys the streams that were given and not read to their end: as with `pipeline()`, a caller who hands over
 * an open stream need not look after it when something else has failed. Iterables that make entries when
 * asked were told to end, and functions that were not called have opened nothing.
 */
export function destroyUnread(sources: Source | readonly Source[]): void {
	for (const content of contentsOf(sources)) destroyContent(content);
}

function* contentsOf(sources: Source | readonly Source[]): Generator<Content, void, void> {
	const list = Array.isArray(sources)
		? (sources as readonly (Source | readonly GeneratedEntry[])[])
		: [sources];
	for (const source of list) {
		if (Array.isArray(source)) yield* contentsOf(source as readonly GeneratedEntry[]);
		else if (typeof source === "object" && source !== null && "content" in source && source.content)
			yield source.content;
	}
}

function destroyContent(content: Content): void {
	if (content instanceof Promise) content.then(destroyContent, () => {});
	else if (content instanceof Readable) content.destroy();
	else if (content instanceof ReadableStream && !content.locked) content.cancel().catch(() => {});
}
