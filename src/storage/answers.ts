import { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";
import { UnexpectedAnswerError } from "./sdk-error.ts";

/** What came back for one request, before anyone has read its body. */
export interface RawAnswer {
	readonly status: number;
	/** Names in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	/** Date of the answer by the server's clock, to the second. */
	readonly date: Date | undefined;
	readonly socket: Socket | undefined;
}

type Stack = Pick<S3Client["middlewareStack"], "add" | "addRelativeTo">;

/** Shows each answer to `see`, refusals as well. For a client, or for one command. */
export function watchAnswers(stack: Stack, see: (answer: RawAnswer) => void): void {
	stack.add(
		(next) => async (args) => {
			const result = await next(args);
			const answer = readRawAnswer(result.response);
			if (answer !== undefined) see(answer);
			return result;
		},
		{ step: "deserialize", priority: "low", name: "zipferryWatchAnswers" },
	);
}

function readRawAnswer(response: unknown): RawAnswer | undefined {
	if (!isResponse(response)) return undefined;
	const { statusCode, headers, body } = response;
	const time = Date.parse(headers["date"] ?? "");
	return {
		status: statusCode,
		headers,
		date: Number.isNaN(time) ? undefined : new Date(time),
		socket: body instanceof IncomingMessage ? body.socket : undefined,
	};
}

/** Far above any listing: 1,000 keys of 1,024 bytes, escaped, take 4 MB. */
const MAX_DOCUMENT_SIZE = 16 * 1024 * 1024;

/**
 * Ends answers that are larger than any document of S3: the SDK collects them in memory before it looks at
 * them. Objects are not limited, they are streamed.
 */
export function boundAnswers(client: S3Client): void {
	client.middlewareStack.add(
		(next, context) => async (args) => {
			const result = await next(args);
			const { response } = result;
			if (context.commandName !== "GetObjectCommand" && isResponse(response)) {
				const { body } = response;
				if (body instanceof IncomingMessage) response.body = Readable.from(bounded(body));
			}
			return result;
		},
		{ step: "deserialize", priority: "low", name: "zipferryBoundAnswers" },
	);
}

async function* bounded(body: IncomingMessage): AsyncGenerator<Buffer, void, void> {
	let size = 0;
	for await (const chunk of body as AsyncIterable<Buffer>) {
		size += chunk.byteLength;
		if (size > MAX_DOCUMENT_SIZE) {
			throw new UnexpectedAnswerError("the answer is larger than any of an S3 storage");
		}
		yield chunk;
	}
}

interface Response {
	readonly statusCode: number;
	readonly headers: Readonly<Record<string, string>>;
	body: unknown;
}

function isResponse(value: unknown): value is Response {
	return typeof value === "object" && value !== null && "statusCode" in value && "headers" in value;
}
