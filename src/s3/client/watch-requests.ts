import { Readable } from "node:stream";
import type { S3ClientResolvedConfig } from "@aws-sdk/client-s3";
import { collectDocument, keepSocket } from "../answers.ts";
import { Line, ProgressWatch } from "./progress-watch.ts";
import { noting, watchBody } from "./watched-body.ts";
import { WatchedStream } from "./watched-stream.ts";

type Handler = S3ClientResolvedConfig["requestHandler"];
type Options = { readonly abortSignal?: AbortSignal; readonly streams?: boolean };

/** How long the requests of a handler may take. */
export interface RequestLimits {
	/** Milliseconds in which a request has to get on by a step, a slice of a body or the head of an answer. */
	readonly stepMs: number;
	/** Milliseconds that an answer may take, besides a second for each KiB, however it moves. */
	readonly answerMs: number;
	/** Whether there may be fewer connections than requests, which wait for each other then. */
	readonly mayQueue: boolean;
}

/**
 * A request handler that does as another one, but gives up a request that does not get on: nothing moves in
 * either direction, the head of its answer drips in, or is announced (`102 Processing`) again and again. What
 * counts is that slices of the body go out, then the head of the answer comes, then chunks of it: however long
 * a body takes, it is sent as long as it moves.
 *
 * It reads answers to their end, but for requests whose options say that they `stream`: those are watched
 * while somebody reads them.
 */
export function watchRequests(handler: Handler, { stepMs, answerMs, mayQueue }: RequestLimits): Handler {
	const shared = new Line();
	const takesSlices = handler.metadata?.handlerProtocol === "http/1.1";
	const handle: Handler["handle"] = async (request, options) => {
		// All that is passed to requests here are signals of the platform.
		const { abortSignal, streams = false } = { ...options } as Options;
		const watch = new ProgressWatch(mayQueue ? shared : new Line(), abortSignal);
		const { body, steps } = watchBody(request.body, stepMs, takesSlices, watch.note);
		// A copy: a retry finds the request as it was.
		const copy: typeof request = Object.assign(Object.create(Object.getPrototypeOf(request)), request, {
			body,
		});
		let reading = false;
		try {
			const asking = handler.handle(copy, { ...options, abortSignal: watch.signal });
			const { response } = await watch.over(asking, stepMs * steps);
			watch.noteAnswer();
			if (!isAsyncIterable(response.body)) return { response };
			keepSocket(response);
			if (streams && response.statusCode < 300) {
				reading = true;
				response.body = new WatchedStream(response.body, watch, stepMs);
			} else {
				const document = collectDocument(noting(response.body, watch.note), answerMs);
				response.body = await watch.over(document, stepMs);
			}
			return { response };
		} finally {
			if (!reading) watch.end();
			if (body instanceof Readable) body.destroy(); // an answer may come before the end of the body
		}
	};
	return Object.create(handler, { handle: { value: handle } });
}

function isAsyncIterable(value: unknown): value is AsyncIterable<Uint8Array> {
	return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
