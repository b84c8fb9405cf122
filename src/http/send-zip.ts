import type { IncomingMessage } from "node:http";
import type { Http2ServerRequest } from "node:http2";
import * as v from "valibot";
import { anySignal } from "../async/any-signal.ts";
import { type OptionSchema, schemaOf } from "../options/field.ts";
import { isObject } from "../options/kinds.ts";
import { resolveOptions } from "../options/resolve-options.ts";
import type { Source } from "../sources/source.ts";
import { answerDownload, type DownloadAnswer } from "./answer.ts";
import { DownloadBody } from "./body.ts";
import type { ResponseHeaders } from "./headers.ts";
import { checkDownload, DOWNLOAD_FIELDS, type DownloadDefaults, type DownloadOptions } from "./options.ts";
import { type NodeResponse, ResponseWriter } from "./response-writer.ts";

/** A request as Node's servers give it, and so Express; of Fastify, `request.raw`. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;
/** The reply of Fastify, which {@link sendZip} takes over when it begins to answer, and not before. */
export interface TakenReply {
	/** The response behind it. */
	readonly raw: NodeResponse;
	/** Tells the framework that somebody else answers. */
	hijack(): unknown;
	/** The headers that hooks have set. */
	getHeaders(): Readonly<Record<string, number | string | readonly string[] | undefined>>;
}

/** How {@link sendZip} answers. */
export interface SendZipOptions extends DownloadOptions {
	/** The request that is answered: its method, conditions and range. */
	readonly request: NodeRequest;
	/** Where the answer goes. Headers that it has already stay, unless the archive needs others. */
	readonly response: NodeResponse | TakenReply;
}

/** What was sent of an answer. */
export interface SentDownload {
	/** The HTTP status: 200, 206, 304, 412 or 416; `undefined` if the client was gone before that was known. */
	readonly status: number | undefined;
	/** Bytes of the archive that were handed to the connection. */
	readonly sentSize: number;
	/** Whether that is all of the answer; otherwise the client was gone before. */
	readonly complete: boolean;
}

const SCHEMA: OptionSchema<SendZipOptions, DownloadDefaults> = schemaOf<SendZipOptions, DownloadDefaults>()(
	{
		...DOWNLOAD_FIELDS,
		request: v.custom<NodeRequest>(
			(value) => isObject(value) && typeof value["method"] === "string" && isObject(value["headers"]),
			"a request of node:http or node:http2",
		),
		response: v.custom<NodeResponse | TakenReply>(
			(value) => isObject(value) && (typeof value["writeHead"] === "function" || isObject(value["raw"])),
			"a response of node:http or node:http2, or a reply of Fastify",
		),
	},
	checkDownload,
);

/**
 * Answers a request with an archive of the sources, on a response of `node:http` or `node:http2`: for Express, Fastify and Node's own servers. What is answered
 * is said at {@link zipResponse}.
 *
 * An error that comes before the first byte rejects while nothing has been written, so that the error handler of the framework can answer. After an error
 * midway the connection has been cut: the client sees a failed download, and the promise rejects, for the log. A client that is gone is no error.
 *
 * @returns when all has been handed to the connection, or the client is gone; everything is closed by then.
 * @throws what {@link zipResponse} throws, and errors of sources while they are sent.
 *
 * @example
 * ```ts
 * app.get("/album.zip", async (request, response) => {
 *   await sendZip("./album", { filename: "Album.zip", request, response });
 * });
 * ```
 */
export async function sendZip(
	sources: Source | readonly Source[],
	options: SendZipOptions,
): Promise<SentDownload> {
	const { request, response, ...settings } = resolveOptions(SCHEMA, options);
	const header = (name: string) => textOf(request.headers[name]);
	const headers = { ...cacheControlOf(response), ...settings.headers };
	const writer = new ResponseWriter("raw" in response ? response.raw : response);
	const { signal, release } = anySignal(settings.signal, writer.gone);
	let answer: DownloadAnswer | undefined;
	let begun = false;
	let sentSize = 0;
	try {
		const { method } = request;
		answer = await answerDownload(sources, { ...settings, headers, signal }, { method, header });
		const { status, body } = answer;
		// What fails at once can still be answered by whoever called.
		const first = body instanceof DownloadBody ? await body.next() : undefined;
		if ("raw" in response) takeOver(response);
		writer.head(status, answer.headers);
		begun = true;
		if (typeof body === "string") await writer.write(body);
		if (body instanceof DownloadBody)
			for (let step = first; step?.done === false; step = await body.next()) {
				await writer.write(step.value);
				sentSize += step.value.byteLength;
			}
		await writer.end();
	} catch (error) {
		if (answer?.body instanceof DownloadBody) await answer.body.cancel(error).catch(() => {});
		if (writer.gone.aborted) return { status: answer?.status, sentSize, complete: false };
		if (begun) writer.cut();
		throw error;
	} finally {
		release();
		writer.release();
	}
	return { status: answer.status, sentSize, complete: writer.isComplete };
}

/** Who sets it before wants it so, as with `sendFile()` of Express. */
function cacheControlOf(response: NodeResponse | TakenReply): ResponseHeaders {
	const value = textOf(response.getHeaders()["cache-control"]);
	return value === undefined ? {} : { "Cache-Control": value };
}

function takeOver(reply: TakenReply): void {
	reply.hijack();
	for (const [name, value] of Object.entries(reply.getHeaders()))
		if (value !== undefined) reply.raw.setHeader(name, typeof value === "object" ? [...value] : value);
}

function textOf(header: number | string | readonly string[] | undefined): string | undefined {
	return header === undefined ? undefined : String(header);
}
