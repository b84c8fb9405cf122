import type { SourceSettings } from "../options.ts";
import type { ArchivedSource, EntrySource } from "../source.ts";

/** Entries of another archive. */
export async function openArchivedSource(
	source: ArchivedSource,
	_options: SourceSettings,
): Promise<EntrySource> {
	throw new Error(`not there yet: ${String(source.archive)}`);
}
