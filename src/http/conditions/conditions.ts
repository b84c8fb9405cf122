import { type ByteRange, requestedRange } from "./byte-range.ts";
import { type EntityTags, parseEntityTags } from "./entity-tags.ts";
import { parseHttpDate } from "./http-date.ts";

/** The value of a request header by its name in lower case. */
export type HeaderReader = (name: string) => string | undefined;

/** What conditions are about. */
export interface Representation {
	/** Bytes; `undefined` if only making it will tell. */
	readonly size: number | undefined;
	/** Strong, with its quotes; `undefined` if nothing tells its state for certain. */
	readonly etag: string | undefined;
	/** Milliseconds since 1970-01-01 UTC; `undefined` if it is not told. */
	readonly lastModifiedMs: number | undefined;
	/** Whether any part of it can be sent by itself. */
	readonly ranged: boolean;
}

/** What to answer. */
export type Verdict =
	| { readonly type: "whole" }
	| { readonly type: "range"; readonly range: ByteRange }
	| { readonly type: "not-modified" }
	| { readonly type: "precondition-failed" }
	| { readonly type: "unsatisfiable" };

const WHOLE: Verdict = { type: "whole" };
const FAILED: Verdict = { type: "precondition-failed" };
const NOT_MODIFIED: Verdict = { type: "not-modified" };

/**
 * Weighs the conditions of a request in the order of RFC 9110, 13.2.2.
 *
 * @param method - `GET` or `HEAD`; other methods know neither ranges nor caches, and get the whole.
 */
export function judge(
	method: string | undefined,
	header: HeaderReader,
	representation: Representation,
): Verdict {
	if (method !== "GET" && method !== "HEAD") return WHOLE;
	if (!isAsExpected(header, representation)) return FAILED;
	if (isKnown(header, representation)) return NOT_MODIFIED;
	return method === "GET" ? judgeRange(header, representation) : WHOLE;
}

/** `If-Match`, or in its absence `If-Unmodified-Since`. */
function isAsExpected(header: HeaderReader, { etag, lastModifiedMs }: Representation): boolean {
	const ifMatch = header("if-match");
	if (ifMatch !== undefined) return hasStrongly(parseEntityTags(ifMatch), etag);
	const since = dateOf(header("if-unmodified-since"));
	return since === undefined || lastModifiedMs === undefined || seconds(lastModifiedMs) <= seconds(since);
}

/** `If-None-Match`, or in its absence `If-Modified-Since`. */
function isKnown(header: HeaderReader, { etag, lastModifiedMs }: Representation): boolean {
	const ifNoneMatch = header("if-none-match");
	if (ifNoneMatch !== undefined) {
		const tags = parseEntityTags(ifNoneMatch);
		return tags === "any" || tags.some(({ tag }) => tag === etag);
	}
	const since = dateOf(header("if-modified-since"));
	return since !== undefined && lastModifiedMs !== undefined && seconds(lastModifiedMs) <= seconds(since);
}

function judgeRange(header: HeaderReader, { size, etag, ranged }: Representation): Verdict {
	const asked = header("range");
	if (asked === undefined || size === undefined || !ranged) return WHOLE;
	const ifRange = header("if-range");
	if (ifRange !== undefined && !provesState(ifRange, etag)) return WHOLE;
	const range = requestedRange(asked, size);
	if (range === undefined) return WHOLE;
	return range === "unsatisfiable" ? { type: "unsatisfiable" } : { type: "range", range };
}

/**
 * Whether `If-Range` proves that the client has the beginning of just this archive. A date never does (RFC 9110, 13.1.5 and 8.8.2.2): a file that
 * went, or was replaced by an older one, leaves the latest time as it was. Clients that follow the RFC send no date where there is a strong tag.
 */
function provesState(ifRange: string, etag: string | undefined): boolean {
	return etag !== undefined && ifRange.trim() === etag;
}

function hasStrongly(tags: EntityTags, etag: string | undefined): boolean {
	return tags === "any" || tags.some(({ tag, weak }) => !weak && tag === etag);
}

function dateOf(header: string | undefined): number | undefined {
	return header === undefined ? undefined : parseHttpDate(header.trim());
}

function seconds(ms: number): number {
	return Math.floor(ms / 1000);
}
