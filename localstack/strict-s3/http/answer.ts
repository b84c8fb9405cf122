import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { ErrorAnswer } from "../errors.ts";
import type { Answer } from "../operation.ts";
import { MiB } from "../units.ts";
import { document, element } from "./xml.ts";

const MAX_DRAINED_SIZE = 256 * MiB;
const MAX_DRAIN_MS = 30_000;
const WRITE_BUFFER_SIZE = MiB;

/** A request and its answer, as far as HTTP is concerned. */
export interface Exchange {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	/** Whether the client waits for "100 Continue" and has not sent its body. */
	awaitsContinue: boolean;
	/** Bytes of the body that came in. */
	received: number;
}

export async function sendAnswer(exchange: Exchange, { status, headers = {}, body }: Answer): Promise<void> {
	const { request, response } = exchange;
	response.statusCode = status;
	response.setHeader("x-amz-request-id", requestId());
	for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
	// What follows on this connection might be the body after all, or the next request.
	if (exchange.awaitsContinue) response.setHeader("connection", "close");
	if (body === undefined || request.method === "HEAD") {
		response.end();
	} else if (typeof body === "string") {
		response.setHeader("content-type", "application/xml");
		response.end(body);
	} else {
		await pipeline(Readable.from(body, { objectMode: false, highWaterMark: WRITE_BUFFER_SIZE }), response);
	}
}

/**
 * Answers with an error while the client may still be sending.
 *
 * A connection that is closed with unread data in it is reset, and the reset overtakes the answer. So the
 * whole answer goes out first, then the rest of the body is read and thrown away, within bounds; only then
 * the exchange is over.
 */
export async function sendError(exchange: Exchange, error: ErrorAnswer): Promise<void> {
	const { request, response } = exchange;
	if (response.headersSent) {
		response.destroy();
		return;
	}
	const id = requestId();
	const body = request.method === "HEAD" ? "" : errorDocument(error, request.url?.split("?")[0] ?? "", id);
	response.statusCode = error.status;
	response.setHeader("x-amz-request-id", id);
	response.setHeader("content-type", "application/xml");
	if (request.method !== "HEAD") response.setHeader("content-length", Buffer.byteLength(body));
	if (exchange.awaitsContinue) response.setHeader("connection", "close");
	if (body === "") response.flushHeaders();
	else response.write(body);
	if (!exchange.awaitsContinue && !(await drain(request))) response.destroy();
	response.end();
}

function errorDocument(error: ErrorAnswer, resource: string, requestId: string): string {
	return document(
		"Error",
		element("Code", error.code),
		element("Message", error.message),
		...Object.entries(error.details ?? {}).map(([name, value]) => element(name, value)),
		element("Resource", resource),
		element("RequestId", requestId),
	);
}

/** Reads to the end of the body; `false` if that takes too long. */
async function drain(request: IncomingMessage): Promise<boolean> {
	if (request.complete) return true;
	const timeout = new AbortController();
	let size = 0;
	const rest = (async () => {
		for await (const chunk of request.iterator({ destroyOnReturn: false })) {
			size += Buffer.byteLength(chunk);
			if (size > MAX_DRAINED_SIZE) return false;
		}
		return true;
	})().catch(() => false);
	const tooLate = delay(MAX_DRAIN_MS, false, { signal: timeout.signal, ref: false }).catch(() => false);
	const drained = await Promise.race([rest, tooLate]);
	timeout.abort();
	return drained;
}

function requestId(): string {
	return randomBytes(8).toString("hex").toUpperCase();
}
