import type { SourceSettings } from "../options.ts";
import type { EntrySource, UrlSource } from "../source.ts";

/** What a web server sends, as an entry. */
export async function openWebSource(
	source: UrlSource,
	_now: number,
	_options: SourceSettings,
): Promise<EntrySource> {
	throw new Error(`not there yet: ${String(source.url)}`);
}
