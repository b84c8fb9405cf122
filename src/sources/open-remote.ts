import { InvalidOptionError } from "../errors.ts";
import { resolveOptions } from "../options/resolve-options.ts";
import { looksLikeS3Url } from "../s3/address.ts";
import type { EntrySource } from "./entry-source.ts";
import { ARCHIVED_SCHEMA, type OpeningSettings, URL_SCHEMA } from "./options.ts";
import type { ArchivedSource, UrlSource } from "./source.ts";
import { ofSourceStorage } from "./source-storage-error.ts";

/**
 * Opens what is behind an address. What reaches a storage or a web server is loaded when there is one.
 *
 * @param place - Of the source, for messages.
 * @param alone - Whether it is the only source.
 * @param now - Time of what tells none, milliseconds since 1970.
 */
export async function openUrl(
	source: UrlSource,
	place: string,
	alone: boolean,
	now: number,
	options: OpeningSettings,
): Promise<EntrySource> {
	const resolved = resolveOptions(URL_SCHEMA, source, { path: place });
	if (looksLikeS3Url(String(resolved.url))) {
		const { openObjectSource } = await import("./objects/object-source.ts");
		return saidOfSources(openObjectSource(resolved, alone, options), resolved, options);
	}
	if (resolved.below !== undefined)
		throw new InvalidOptionError(`${place}.below is for buckets only, as nobody lists web servers`);
	const { openWebSource } = await import("./web/web-source.ts");
	return openWebSource(resolved, now, options);
}

/** Opens entries of another archive. */
export async function openArchived(
	source: ArchivedSource,
	place: string,
	options: OpeningSettings,
): Promise<EntrySource> {
	const { openArchivedSource } = await import("./archived/archived-source.ts");
	const resolved = resolveOptions(ARCHIVED_SCHEMA, source, { path: place });
	return saidOfSources(openArchivedSource(resolved, options), resolved, options);
}

/** The first contact with a storage shows whether the options on how to reach it are right. */
async function saidOfSources(
	opening: Promise<EntrySource>,
	{ storage }: Pick<UrlSource, "storage">,
	{ sharesStorage = false }: OpeningSettings,
): Promise<EntrySource> {
	try {
		return await opening;
	} catch (error) {
		throw sharesStorage && storage === undefined ? error : ofSourceStorage(error);
	}
}
