import type { OpenArchiveSettings } from "../../reader/options.ts";
import type { HttpClient } from "../../reader/ranged/url/http-client.ts";
import { HttpResource } from "../../reader/ranged/url/http-source.ts";
import type { Entry } from "../../zip/entry.ts";
import { ruledTime, type TimeRule } from "../time-rule.ts";
import { WebContent } from "../web/web-content.ts";
import type { EntryPin } from "./entry-pin.ts";

/** How resources are asked for. */
export interface ResourceAccess {
	readonly client: HttpClient;
	readonly settings: OpenArchiveSettings;
	readonly times: TimeRule;
}

/**
 * What a web server sends, as an entry: only in the state that is pinned, and with one request.
 *
 * @param url - The place of the pin.
 */
export function pinnedResource(
	{ client, settings, times }: ResourceAccess,
	url: URL,
	{ size, mtimeMs, mode, etag }: EntryPin,
	name: Uint8Array,
): Entry {
	const facts = {
		size,
		etag: etag === undefined ? undefined : quoted(etag),
		lastModified: new Date(mtimeMs).toUTCString(),
		hasRanges: false, // not known; one that breaks off is continued all the same
		disposition: undefined,
	};
	const content = new WebContent(new HttpResource(url, client, settings), client, facts);
	const { origin, inTurn } = content;
	return {
		...{ name, kind: "file", origin, size, mode, inTurn, mtimeMs: ruledTime(times, mtimeMs) },
		open: (signal) => content.open(signal),
	};
}

/** As servers write it; a weak one is kept as it was written. */
function quoted(etag: string): string {
	return etag.startsWith("W/") || etag.startsWith('"') ? etag : `"${etag}"`;
}
