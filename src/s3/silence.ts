import { Readable } from "node:stream";
import type { S3ClientResolvedConfig } from "@aws-sdk/client-s3";
import { abortable } from "../async/abortable.ts";
import { MiB } from "../bytes/units.ts";
import { collectDocument, LONGEST_ANSWER_MS } from "./answers.ts";

type Handler = S3ClientResolvedConfig["requestHandler"];

/** What is handed to a connection at once; a silence ends with each. */
const SLICE_SIZE = 64 * 1024;
/** So much of a body is taken before there is a connection to send it. */
const TAKEN_AHEAD = 4 * SLICE_SIZE;

/**
 * A request handler that does as another one, but gives up a request in which nothing moves, in either
 * direction, for some time. A handler that nobody has set up so waits forever.
 *
 * It reads answers to their end, so it is only for requests that are answered with a document.
 */
export function givingUpSilence(handler: Handler, silenceMs: number): Handler {
	const line: Line = { movedAt: Number.NEGATIVE_INFINITY };
	const handle: Handler["handle"] = async (request, options) => {
		// All that is passed to requests here are signals of the platform.
		const { abortSignal } = { ...options } as { readonly abortSignal?: AbortSignal };
		const watch = new Watch(line, silenceMs, abortSignal);
		const { body, allowedMs } = watchedBody(handler, request.body, watch, silenceMs);
		const copy: typeof request = Object.assign(Object.create(Object.getPrototypeOf(request)), request, {
			body,
		});
		try {
			const asking = handler.handle(copy, { ...options, abortSignal: watch.signal });
			const { response } = await watch.over(asking, allowedMs);
			watch.noteAnswer();
			if (isAsyncIterable(response.body))
				response.body = await watch.over(
					collectDocument(watch.noting(response.body), LONGEST_ANSWER_MS),
					silenceMs,
				);
			return { response };
		} finally {
			watch.end();
			if (body instanceof Readable) body.destroy(); // an answer may come before the end of the body
		}
	};
	return Object.create(handler, { handle: { value: handle } });
}

/** When something last moved in any request of a handler; of the monotonic clock. */
interface Line {
	movedAt: number;
}

/** Watches one request. */
class Watch {
	readonly #line: Line;
	readonly #silenceMs: number;
	readonly #outer: AbortSignal | undefined;
	readonly #controller = new AbortController();
	#movedAt = 0;
	#takenSize = 0;
	#answered = false;

	constructor(line: Line, silenceMs: number, outer: AbortSignal | undefined) {
		this.#line = line;
		this.#silenceMs = silenceMs;
		this.#outer = outer;
		if (outer?.aborted) this.#onAbort();
		else outer?.addEventListener("abort", this.#onAbort, { once: true });
	}

	/** Ends the request, for the caller's reason or ours. */
	get signal(): AbortSignal {
		return this.#controller.signal;
	}

	/** Settles as `work` does, or rejects when nothing has moved for so long. */
	async over<Result>(work: Promise<Result>, allowedMs: number): Promise<Result> {
		this.#movedAt = performance.now();
		let timer: NodeJS.Timeout | undefined;
		const look = () => {
			const leftMs = this.#lastMove + allowedMs - performance.now();
			if (leftMs > 0) timer = setTimeout(look, Math.ceil(leftMs));
			else this.#controller.abort(this.#tooLong(allowedMs));
		};
		look();
		try {
			return await abortable(work, this.signal);
		} catch (error) {
			// What the handler says of the end is as good as its words, the reason is better.
			throw this.signal.aborted ? this.signal.reason : error;
		} finally {
			clearTimeout(timer);
		}
	}

	/** The same chunks; each of them is a move. */
	async *noting(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
		for await (const chunk of chunks) {
			this.#takenSize += chunk.byteLength;
			this.#note();
			yield chunk;
		}
	}

	noteAnswer(): void {
		this.#answered = true;
		this.#note();
	}

	end(): void {
		this.#outer?.removeEventListener("abort", this.#onAbort);
	}

	#note(): void {
		this.#movedAt = performance.now();
		if (this.#isUnderWay) this.#line.movedAt = this.#movedAt;
	}

	/** Others may be sent first, if the caller's agent has fewer connections than there are requests. */
	get #lastMove(): number {
		return this.#isUnderWay ? this.#movedAt : Math.max(this.#movedAt, this.#line.movedAt);
	}

	get #isUnderWay(): boolean {
		return this.#answered || this.#takenSize > TAKEN_AHEAD;
	}

	readonly #onAbort = (): void => this.#controller.abort(this.#outer?.reason);

	#tooLong(allowedMs: number): Error {
		const seconds = Math.round(allowedMs / 100) / 10;
		const message =
			allowedMs === this.#silenceMs
				? `nothing was sent or received for ${seconds} s`
				: `there was no answer within ${seconds} s`;
		return Object.assign(new Error(message), { name: "TimeoutError" });
	}
}

/**
 * A body that shows how it is sent. Not every handler takes one in slices (`fetch` would send it without a
 * length, which storages refuse): there each MiB has the time of one silence.
 */
function watchedBody(handler: Handler, body: unknown, watch: Watch, silenceMs: number) {
	if (body instanceof Readable) return { body: readable(watch.noting(body)), allowedMs: silenceMs };
	if (!(body instanceof Uint8Array) || body.byteLength <= SLICE_SIZE) return { body, allowedMs: silenceMs };
	if (handler.metadata?.handlerProtocol === "http/1.1")
		return { body: readable(watch.noting(slices(body))), allowedMs: silenceMs };
	return { body, allowedMs: silenceMs * (1 + Math.ceil(body.byteLength / MiB)) };
}

function readable(chunks: AsyncIterable<Uint8Array>): Readable {
	return Readable.from(chunks, { objectMode: false });
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
	for (let offset = 0; offset < bytes.byteLength; offset += SLICE_SIZE)
		yield bytes.subarray(offset, offset + SLICE_SIZE);
}

function isAsyncIterable(value: unknown): value is AsyncIterable<Uint8Array> {
	return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
