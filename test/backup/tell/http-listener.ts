import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface HeardRequest {
	readonly method: string;
	/** Path and query. */
	readonly url: string;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

type Answer = (response: ServerResponse, request: IncomingMessage, count: number) => void;

/** A server that hears requests, and answers as a test says. */
export class HttpListener {
	readonly heard: HeardRequest[] = [];
	answer: Answer = (response) => void response.end("OK");
	readonly #server = createServer(async (request, response) => {
		const { method = "", url = "", headers } = request;
		const body = await text(request).catch(() => undefined);
		if (body === undefined) return; // the client has gone
		this.heard.push({ method, url, headers, body });
		this.answer(response, request, this.heard.length);
	});

	static async start(): Promise<HttpListener> {
		const listener = new HttpListener();
		listener.#server.listen(0, "127.0.0.1");
		await once(listener.#server, "listening");
		return listener;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	async close(): Promise<void> {
		this.#server.closeAllConnections();
		this.#server.close();
		await once(this.#server, "close");
	}
}
