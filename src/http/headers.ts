import { create as contentDisposition } from "content-disposition";
import { momentMs } from "../options/moment.ts";
import type { ByteRange } from "./conditions/byte-range.ts";
import type { Representation } from "./conditions/conditions.ts";
import { formatHttpDate } from "./conditions/http-date.ts";
import type { Download } from "./download.ts";
import type { DownloadSettings } from "./options.ts";

/** Headers of a response by their names, as they are written. */
export type ResponseHeaders = Readonly<Record<string, string>>;

/**
 * What requests may depend on. Nothing is told of a state in which a change might leave no trace.
 *
 * @param nowMs - A time of last modification is never in the future (RFC 9110, 8.8.2.1).
 */
export function representationOf(
	{ size, version, settled, mtimeMs, ranged }: Download,
	{ lastModified }: Pick<DownloadSettings, "lastModified">,
	method: string | undefined,
	nowMs: number,
): Representation {
	const given = lastModified === undefined ? undefined : momentMs(lastModified);
	const modifiedMs = given ?? (settled ? mtimeMs : undefined);
	return {
		size,
		etag: settled && version !== undefined ? `"${version}"` : undefined,
		lastModifiedMs: modifiedMs !== undefined && modifiedMs <= nowMs ? modifiedMs : undefined,
		ranged: ranged && settled && knowsRanges(method),
	};
}

/** Whether ranges are defined for the method (RFC 9110, 14.2), and announced by it. */
function knowsRanges(method: string | undefined): boolean {
	return method === "GET" || method === "HEAD";
}

/** The head of a response with the archive, or a part of it. */
export function archiveHeaders(
	representation: Representation,
	settings: DownloadSettings,
	range: ByteRange | undefined,
): ResponseHeaders {
	const { size, ranged } = representation;
	const length = range === undefined ? size : range.end - range.start;
	return merged(
		{
			"Content-Type": "application/zip",
			"Content-Disposition": contentDisposition(portable(settings.filename)),
			...(length === undefined ? {} : { "Content-Length": `${length}` }),
			...(range === undefined ? {} : { "Content-Range": `bytes ${range.start}-${range.end - 1}/${size}` }),
			"Accept-Ranges": ranged ? "bytes" : "none",
			...validators(representation),
			"Cache-Control": CACHE_CONTROL,
			"X-Content-Type-Options": "nosniff",
		},
		settings.headers,
	);
}

/** The head of a response that says that the client has the archive already (RFC 9110, 15.4.5). */
export function notModifiedHeaders(
	representation: Representation,
	{ headers }: Pick<DownloadSettings, "headers">,
): ResponseHeaders {
	const entries = Object.entries(headers).filter(([name]) => !/^content-/i.test(name));
	return merged(
		{ ...validators(representation), "Cache-Control": CACHE_CONTROL },
		Object.fromEntries(entries),
	);
}

/** The head of a response with a line of text in the place of the archive. */
export function refusalHeaders(text: string, size?: number): ResponseHeaders {
	return {
		"Content-Type": "text/plain; charset=utf-8",
		"Content-Length": `${Buffer.byteLength(text)}`,
		...(size === undefined ? {} : { "Content-Range": `bytes */${size}` }),
		"Cache-Control": "no-store",
		"X-Content-Type-Options": "nosniff",
	};
}

/** Half a character, as text that was cut has it; it has no form in UTF-8. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** What separates directories, and what no keyboard types: no client should have to know better than to save under it. */
const UNFIT = /[/\\\p{Cc}]/gu;

function portable(filename: string): string {
	return filename.replaceAll(LONE_SURROGATE, "\ufffd").replaceAll(UNFIT, "_");
}

/** For one user, asked about each time, and never compressed on the way, which would take away size and ranges. */
const CACHE_CONTROL = "private, no-cache, no-transform";

function validators({ etag, lastModifiedMs }: Representation): ResponseHeaders {
	return {
		...(etag === undefined ? {} : { ETag: etag }),
		...(lastModifiedMs === undefined ? {} : { "Last-Modified": formatHttpDate(lastModifiedMs) }),
	};
}

/** Names of headers do not depend on case. */
function merged(own: ResponseHeaders, given: ResponseHeaders): ResponseHeaders {
	const headers = new Map(Object.entries(own).map(([name, value]) => [name.toLowerCase(), { name, value }]));
	for (const [name, value] of Object.entries(given)) headers.set(name.toLowerCase(), { name, value });
	const cacheControl = headers.get("cache-control");
	if (cacheControl !== undefined) cacheControl.value = withNoTransform(cacheControl.value);
	return Object.fromEntries([...headers.values()].map(({ name, value }) => [name, value]));
}

function withNoTransform(cacheControl: string): string {
	if (/(?:^|,)\s*no-transform\s*(?:,|$)/i.test(cacheControl)) return cacheControl;
	return cacheControl.trim() === "" ? "no-transform" : `${cacheControl}, no-transform`;
}
