import { Agent, type ClientRequest, type IncomingMessage, request as startRequest } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Answer } from "./answer.ts";
import { collect } from "./body.ts";

/** A request as it goes on: its header as it was written, so that its signature stays valid. */
export interface Forwarded {
	readonly method: string;
	readonly path: string;
	/** Name, value, name, value. */
	readonly rawHeaders: readonly string[];
	readonly body: AsyncIterable<Uint8Array>;
}

/** The server behind the proxy. */
export class Upstream {
	readonly #url: URL;
	readonly #agent = new Agent({ keepAlive: true });

	constructor(endpoint: string) {
		this.#url = new URL(endpoint);
	}

	/** Sends the request and collects the answer, which may come before the body is read. */
	async send({ method, path, rawHeaders, body }: Forwarded): Promise<Answer> {
		const request = this.#start(method, path, rawHeaders);
		const response = new Promise<IncomingMessage>((resolve, reject) => {
			request.once("response", resolve);
			request.on("error", reject); // it can break off after the response as well
			request.once("close", () => reject(new Error("the server closed the connection")));
		});
		response.catch(() => {}); // looked at below, after the body
		const sent = pipeline(Readable.from(body, { objectMode: false }), request);
		const failed = new Promise<never>((_, reject) => {
			sent.catch(reject);
		});
		const message = await Promise.race([response, failed]);
		return {
			status: message.statusCode ?? 0,
			headers: pairs(message.rawHeaders),
			body: await collect(message),
		};
	}

	/** Sends a part of a body, and leaves the request as it is; `destroy()` ends it. */
	async sendHalf({ method, path, rawHeaders, body }: Forwarded): Promise<ClientRequest> {
		const request = this.#start(method, path, rawHeaders);
		request.on("error", () => {}); // it is going to be broken off
		for await (const chunk of body) {
			await new Promise<void>((resolve) => request.write(chunk, () => resolve()));
		}
		return request;
	}

	close(): void {
		this.#agent.destroy();
	}

	#start(method: string, path: string, rawHeaders: readonly string[]): ClientRequest {
		const { hostname, port } = this.#url;
		return startRequest({ hostname, port, method, path, headers: [...rawHeaders], agent: this.#agent });
	}
}

function pairs(rawHeaders: readonly string[]): [string, string][] {
	const found: [string, string][] = [];
	for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
		found.push([rawHeaders[index] ?? "", rawHeaders[index + 1] ?? ""]);
	}
	return found;
}
