import { StorageError } from "../../errors.ts";
import type { HttpAnswer } from "../../reader/ranged/url/http-client.ts";
import { statusOf } from "../../reader/ranged/url/http-errors.ts";
import { type HttpResource, type Validators, validatorsOf } from "../../reader/ranged/url/http-source.ts";

/** What a server says of a resource before it is read. */
export interface ResourceFacts extends Validators {
	/** Bytes; `undefined` if it does not say. */
	readonly size: number | undefined;
	/** Whether it answers requests for a part. */
	readonly hasRanges: boolean;
	/** As the server sends it. */
	readonly disposition: string | undefined;
}

/**
 * Asks for the head of a resource. Servers that refuse that are asked for its first byte: a signed URL is often good for GET
 * only, and some know no other method.
 *
 * @throws {StorageError} if the server refuses that as well, or cannot be reached.
 */
export async function askForFacts(
	resource: HttpResource,
	signal: AbortSignal | undefined,
): Promise<ResourceFacts> {
	try {
		return await resource.ask("HEAD", {}, signal, factsOfHead);
	} catch (error) {
		const isRefused = error instanceof StorageError && (statusOf(error) ?? 0) >= 400;
		if (!isRefused) throw error;
		return resource.ask("GET", { range: "bytes=0-0" }, signal, factsOfFirstByte);
	}
}

/** Whether a later request can ask for the same state: a weak ETag says nothing about bytes (RFC 9110, 8.8.1). */
export function canBeContinued({ etag, lastModified }: Validators): boolean {
	return isStrong(etag) || lastModified !== undefined;
}

export function isStrong(etag: string | undefined): etag is string {
	return etag !== undefined && !etag.startsWith("W/");
}

/** Headers that make a server refuse if it has another state by now. */
export function conditionsOf({ etag, lastModified }: Validators): Record<string, string> {
	if (isStrong(etag)) return { "if-match": etag };
	return lastModified === undefined ? {} : { "if-unmodified-since": lastModified };
}

function factsOfHead(answer: HttpAnswer): ResourceFacts {
	answer.body.resume();
	// A length of 0 is what some servers state in a head for what they do not know.
	return { ...factsOf(answer), size: lengthOf(answer) || undefined };
}

function factsOfFirstByte(answer: HttpAnswer): ResourceFacts {
	const { status, headers, body } = answer;
	// The whole resource, which nobody reads now; else one byte.
	if (status === 200) body.destroy();
	else body.resume();
	if (status === 200) return { ...factsOf(answer), size: lengthOf(answer) };
	const [, total] = /^bytes (?:\d+-\d+|\*)\/(\d+)$/.exec(headers["content-range"] ?? "") ?? [];
	const size = total === undefined ? undefined : Number(total);
	return { ...factsOf(answer), size, hasRanges: status === 206 && size !== undefined };
}

function factsOf(answer: HttpAnswer): ResourceFacts {
	const { headers } = answer;
	const hasRanges = /\bbytes\b/i.test(headers["accept-ranges"] ?? "");
	return { ...validatorsOf(answer), hasRanges, size: undefined, disposition: headers["content-disposition"] };
}

/** Bytes of the resource, as the head of a response states them. */
export function lengthOf({ headers }: HttpAnswer): number | undefined {
	const { "content-length": length } = headers;
	return length === undefined ? undefined : Number(length);
}
