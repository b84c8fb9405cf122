import type { SourceSettings } from "../options.ts";
import type { EntrySource, UrlSource } from "../source.ts";

/**
 * The objects below a prefix of a bucket, or one object.
 *
 * @param alone - Whether it is the only source.
 */
export async function openObjectSource(
	source: UrlSource,
	_alone: boolean,
	_options: SourceSettings,
): Promise<EntrySource> {
	throw new Error(`not there yet: ${String(source.url)}`);
}
