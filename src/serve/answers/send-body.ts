import type { ServerResponse } from "node:http";
import { ResponseWriter } from "../../http/response-writer.ts";
import { countSent } from "./sent-body.ts";

/** The head of an answer, and what follows it. */
export interface AnswerParts {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	/** Text or chunks of bytes; `undefined` if nothing follows. */
	readonly body: AsyncIterable<Uint8Array | string> | string | undefined;
}

/**
 * Sends an answer, no faster than the client takes it, and stops if the client is gone. What fails before the first byte throws before
 * anything has gone out; what fails later cuts the connection, so that the client sees a failure, and throws.
 */
export async function sendBody(
	response: ServerResponse,
	{ status, headers, body }: AnswerParts,
): Promise<void> {
	const writer = new ResponseWriter(response);
	try {
		for await (const chunk of chunksOf(body)) {
			if (writer.gone.aborted) return;
			if (!response.headersSent) writer.head(status, headers);
			countSent(response, chunk); // the response may have been closed when the last one is written
			await writer.write(chunk);
		}
		if (!response.headersSent) writer.head(status, headers);
		await writer.end();
	} catch (error) {
		if (response.headersSent) writer.cut();
		throw error;
	} finally {
		writer.release();
	}
}

async function* chunksOf(body: AnswerParts["body"]): AsyncGenerator<Uint8Array | string, void, void> {
	if (typeof body === "string") yield body;
	else if (body !== undefined) yield* body;
}
