import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Certificate } from "./certificate.ts";
import { type PlainServer, startPlainServer } from "./plain-server.ts";

/** A server with one file that answers requests for ranges, as static servers do. */
export interface RangeServer extends PlainServer {
	/** Puts other bytes there. */
	put(bytes: Uint8Array): void;
	remove(): void;
}

export interface RangeServerOptions {
	/** Headers that show the state of the file. @defaultValue a strong ETag */
	readonly validators?: ((bytes: Uint8Array) => Record<string, string>) | undefined;
	/** Answers a request instead; `false` leaves it to the server. */
	readonly instead?:
		| ((
				request: IncomingMessage,
				response: ServerResponse,
				count: number,
				bytes: Uint8Array,
		  ) => boolean | undefined)
		| undefined;
	readonly certificate?: Certificate | undefined;
}

export function strongEtag(bytes: Uint8Array): Record<string, string> {
	return { etag: `"${createHash("sha1").update(bytes).digest("hex")}"` };
}

export async function startRangeServer({
	validators = strongEtag,
	instead,
	certificate,
}: RangeServerOptions = {}): Promise<RangeServer> {
	let content: Uint8Array | undefined;
	const server = await startPlainServer((request, response) => {
		if (content === undefined) return void response.writeHead(404).end();
		if (instead?.(request, response, server.requests.length, content) === true) return;
		serveRange(request, response, content, validators(content));
	}, certificate);
	return {
		...server,
		put: (bytes) => {
			content = bytes;
		},
		remove: () => {
			content = undefined;
		},
	};
}

/** The right answer to a request. */
export function serveRange(
	{ headers, method }: IncomingMessage,
	response: ServerResponse,
	content: Uint8Array,
	validators: Record<string, string>,
): void {
	const { "if-match": ifMatch, "if-unmodified-since": since } = headers;
	const replaced =
		(ifMatch !== undefined && ifMatch !== validators["etag"]) ||
		(since !== undefined && since !== validators["last-modified"]);
	if (replaced) return void response.writeHead(412).end();
	const size = content.byteLength;
	const range = rangeOf(headers.range, size);
	if (range === undefined) {
		response.writeHead(200, { ...validators, "content-length": size });
		return void response.end(method === "HEAD" ? undefined : content);
	}
	const [start, end] = range;
	if (start >= end) return void response.writeHead(416, { "content-range": `bytes */${size}` }).end();
	const contentRange = `bytes ${start}-${end - 1}/${size}`;
	response.writeHead(206, { ...validators, "content-length": end - start, "content-range": contentRange });
	response.end(content.subarray(start, end));
}

function rangeOf(text: string | undefined, size: number): [number, number] | undefined {
	const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(text ?? "") ?? [];
	if (first === "" && last === "") return undefined;
	if (first === "") return [Math.max(0, size - Number(last)), size];
	return [Number(first), Math.min(Number(last) + 1, size)];
}
