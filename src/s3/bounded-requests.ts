import { Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";

type Handler = S3Client["config"]["requestHandler"];
type Request = Parameters<Handler["handle"]>[0];
type Options = { readonly abortSignal?: unknown };

/**
 * Lets a handler give up requests that do not get on, though their connection is never silent: an answer whose
 * head drips in, or is announced (`102 Processing`) again and again. What counts is that bytes of ours go
 * out, and after the last of them the head of the answer: however long a body takes, it is sent as long as
 * it moves.
 *
 * @param limitMs - Milliseconds between two steps of that; longer than the time-out for silence, which is
 * to end what is silent.
 */
export function boundRequests(handler: Handler, limitMs: number): Handler {
	return Object.assign(Object.create(handler), {
		handle: (request: Request, options: Options = {}) => handleBounded(handler, limitMs, request, options),
	});
}

async function handleBounded(
	handler: Handler,
	limitMs: number,
	request: Request,
	options: Options,
): ReturnType<Handler["handle"]> {
	const end = new AbortController();
	const late = Object.assign(
		new Error(`the server sent no whole answer within ${limitMs} ms, and yet was not silent`),
		{
			name: "TimeoutError",
		},
	);
	const deadline = new Deadline(limitMs, () => end.abort(late));
	const release = follow(end, options.abortSignal);
	const body = inSlices(request.body, () => deadline.putOff());
	// A copy: whoever repeats the request finds it as it was.
	const copy = Object.assign(Object.create(Object.getPrototypeOf(request)), request, { body });
	try {
		const result = await handler.handle(copy, { ...options, abortSignal: end.signal });
		const answer: unknown = result.response.body;
		// The signal ends the reading of the answer as well.
		if (answer instanceof Readable) answer.once("close", release);
		else release();
		return result;
	} catch (error) {
		release();
		if (body instanceof Readable) body.destroy();
		throw end.signal.reason === late ? late : error;
	} finally {
		deadline.cancel();
	}
}

/** A moment that is put off again and again. */
class Deadline {
	readonly #timer: NodeJS.Timeout;
	#over = false;

	constructor(milliseconds: number, act: () => void) {
		this.#timer = setTimeout(act, milliseconds);
	}

	putOff(): void {
		if (!this.#over) this.#timer.refresh();
	}

	cancel(): void {
		this.#over = true;
		clearTimeout(this.#timer);
	}
}

/** Aborts as the signal does. @returns what lets go of it: signals outlive requests */
function follow(end: AbortController, signal: unknown): () => void {
	if (!(signal instanceof AbortSignal)) return () => {};
	const onAbort = () => end.abort(signal.reason);
	if (signal.aborted) onAbort();
	signal.addEventListener("abort", onAbort, { once: true });
	return () => signal.removeEventListener("abort", onAbort);
}

/** So small that a slow line takes some within the time-out for silence, so large that they cost nothing. */
const SLICE_SIZE = 128 * 1024;

/** The body as a stream that tells each time when it is asked for more, so what came before has gone out. */
function inSlices(body: unknown, onStep: () => void): unknown {
	if (typeof body === "string") return new SlicedBytes(Buffer.from(body), onStep);
	if (body instanceof Uint8Array) return new SlicedBytes(body, onStep);
	if (body instanceof Readable) return Readable.from(watched(body, onStep), { objectMode: false });
	return body;
}

class SlicedBytes extends Readable {
	readonly #bytes: Uint8Array;
	readonly #onStep: () => void;
	#offset = 0;

	constructor(bytes: Uint8Array, onStep: () => void) {
		super({ highWaterMark: SLICE_SIZE });
		this.#bytes = bytes;
		this.#onStep = onStep;
	}

	override _read(): void {
		this.#onStep();
		const slice = this.#bytes.subarray(this.#offset, this.#offset + SLICE_SIZE);
		this.#offset += slice.byteLength;
		this.push(slice.byteLength === 0 ? null : slice);
	}
}

async function* watched(body: Readable, onStep: () => void): AsyncGenerator<unknown, void, void> {
	for await (const chunk of body) {
		onStep();
		yield chunk;
	}
}
