import { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { KiB, MiB } from "../bytes/units.ts";
import { UnexpectedAnswerError } from "./errors/sdk-error.ts";

/** The response to one request, before anyone has read its body. */
export interface RawAnswer {
	readonly status: number;
	/** Names in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	/** Date of the answer by the server's clock, to the second. */
	readonly date: Date | undefined;
	readonly socket: Socket | undefined;
}

/** A middleware that shows each answer to `see`, refusals as well; goes with {@link NEXT_TO_THE_WIRE}. */
export function answerWatcher(see: (answer: RawAnswer) => void) {
	return <Args, Result extends { readonly response: unknown }>(next: (args: Args) => Promise<Result>) =>
		async (args: Args): Promise<Result> => {
			const result = await next(args);
			const answer = readRawAnswer(result.response);
			if (answer !== undefined) see(answer);
			return result;
		};
}

/** Answers whose body somebody else has read by the time they are seen, and what they came through. */
const socketsOf = new WeakMap<object, Socket>();

/** Keeps what an answer came through, for {@link answerWatcher}; to be called before its body is replaced. */
export function keepSocket(response: { readonly body?: unknown }): void {
	if (response.body instanceof IncomingMessage) socketsOf.set(response, response.body.socket);
}

/** The position of a middleware that sees a response before the SDK has read it. */
export const NEXT_TO_THE_WIRE = { step: "deserialize", priority: "low" } as const;

function readRawAnswer(response: unknown): RawAnswer | undefined {
	if (!isResponse(response)) return undefined;
	const { statusCode, headers, body } = response;
	const time = Date.parse(headers["date"] ?? "");
	return {
		status: statusCode,
		headers,
		date: Number.isNaN(time) ? undefined : new Date(time),
		socket: body instanceof IncomingMessage ? body.socket : socketsOf.get(response),
	};
}

/** Far above any listing: 1,000 keys of 1,024 bytes, escaped, take 4 MB. */
const MAX_DOCUMENT_SIZE = 16 * MiB;

/** Bytes a second that keep an answer alive, however long it is. */
const MIN_BYTES_PER_SECOND = KiB;

/** AWS sends white space while it puts parts together, for minutes; what never stops sending ends here. */
export const LONGEST_ANSWER_MS: number = 15 * 60_000;

/**
 * Reads an answer into memory, as the SDK does with all but objects, and gives up on one that is larger
 * than any document of S3, or does not come to an end: it is never silent, so no time-out ends it.
 *
 * @param longestMs - Milliseconds it may take, besides a second for each KiB.
 */
export async function collectDocument(
	body: AsyncIterable<Uint8Array>,
	longestMs: number,
): Promise<Uint8Array> {
	const chunks: Uint8Array[] = [];
	const startedAt = performance.now();
	let size = 0;
	for await (const chunk of body) {
		size += chunk.byteLength;
		if (performance.now() - startedAt > longestMs + (size / MIN_BYTES_PER_SECOND) * 1000)
			throw new UnexpectedAnswerError("the response does not end");
		if (size > MAX_DOCUMENT_SIZE) {
			throw new UnexpectedAnswerError("the response is larger than any response of an S3 storage");
		}
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

interface Response {
	readonly statusCode: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: unknown;
}

function isResponse(value: unknown): value is Response {
	return typeof value === "object" && value !== null && "statusCode" in value && "headers" in value;
}
