import { Readable } from "node:stream";
import { ReadableStream } from "node:stream/web";
import type { GeneratedEntry, Source } from "../source.ts";

/**
 * Destroys the streams that were given and not read to their end: as with `pipeline()`, a caller who hands over
 * an open stream need not look after it when something else has failed. Iterables that make entries when
 * asked were told to end, and functions that were not called have opened nothing.
 */
export function destroyUnread(sources: Source | readonly Source[]): void {
	const list = Array.isArray(sources)
		? (sources as readonly (Source | readonly GeneratedEntry[])[])
		: [sources];
	for (const source of list) {
		if (Array.isArray(source)) destroyUnread(source as readonly GeneratedEntry[]);
		else if (typeof source === "object" && source !== null && "content" in source)
			destroyContent(source.content);
	}
}

function destroyContent(content: GeneratedEntry["content"]): void {
	if (content instanceof Readable) content.destroy();
	else if (content instanceof ReadableStream && !content.locked) content.cancel().catch(() => {});
}
