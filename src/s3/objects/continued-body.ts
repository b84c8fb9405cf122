import type { Readable } from "node:stream";
import { delay } from "../../async/delay.ts";
import { chunksOf } from "../../bytes/chunk-reader.ts";
import { readSdkError, UnexpectedAnswerError } from "../errors/sdk-error.ts";

/** A response that breaks off is continued; not if nothing more came this often. */
const MAX_STALLS = 5;
const FIRST_WAIT_MS = 100;

export interface ContinuedBodyOptions {
	/** Requests the bytes from a position on. */
	reopen(position: number): Promise<Readable>;
	/** Puts the failure into words that ends the reading. */
	toError(error: unknown): unknown;
	readonly signal?: AbortSignal | undefined;
}

/**
 * The bytes of a range, of a response that is coming in. If that breaks off, the rest is requested, and what comes is exactly the
 * range or an error.
 *
 * @param range - The first byte, and the one behind the last.
 */
export async function* continuedBody(
	{ start, end }: { readonly start: number; readonly end: number },
	first: Readable,
	{ reopen, toError, signal }: ContinuedBodyOptions,
): AsyncGenerator<Uint8Array, void, void> {
	let position = start;
	let body = first;
	let stalls = 0;
	let last: Uint8Array | undefined;
	try {
		for (;;) {
			try {
				for await (const chunk of chunksOf(body)) {
					position += chunk.byteLength;
					if (position > end)
						throw new UnexpectedAnswerError("the response has more bytes than were requested");
					stalls = 0;
					// Whoever has all that there is reads no further, and a connection whose answer has not ended cannot be used again.
					if (position === end) last ??= chunk;
					else yield chunk;
				}
				if (position < end) throw new UnexpectedAnswerError("the response ended before its last byte");
			} catch (error) {
				signal?.throwIfAborted();
				if (!readSdkError(error).mayPass || position > end || ++stalls > MAX_STALLS) throw toError(error);
			}
			if (position === end) break; // whatever went wrong behind the last byte
			await delay(FIRST_WAIT_MS * 2 ** stalls, signal);
			body = await reopen(position);
		}
		if (last !== undefined) yield last;
	} finally {
		body.destroy();
	}
}
