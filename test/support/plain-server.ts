import { once } from "node:events";
import {
	createServer,
	request as httpRequest,
	type IncomingMessage,
	type RequestListener,
	type Server,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream";
import type { Certificate } from "./certificate.ts";

/** A server that answers as a test wants it, on loopback. */
export interface PlainServer {
	readonly url: string;
	/** Head of each request, and how many there were. */
	readonly requests: Pick<IncomingMessage, "method" | "url" | "headers">[];
	close(): Promise<void>;
}

export async function startPlainServer(
	listener: RequestListener,
	certificate?: Certificate,
): Promise<PlainServer> {
	const requests: PlainServer["requests"] = [];
	const watched: RequestListener = (request, response) => {
		const { method, url, headers } = request;
		requests.push({ method, url, headers });
		response.on("error", () => {});
		(async () => listener(request, response))().catch((error: unknown) => {
			response.destroy();
			if (request.complete) throw error; // otherwise the client has gone
		});
	};
	const server: Server =
		certificate === undefined ? createServer(watched) : createTlsServer(certificate, watched);
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo; // listens on TCP
	return {
		url: `${certificate === undefined ? "http" : "https"}://127.0.0.1:${port}`,
		requests,
		async close() {
			const closed = once(server, "close");
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}

/** Passes requests on as they are; their signature covers the host they were meant for. */
export function forwardTo(endpoint: string): RequestListener {
	return (request, response) => {
		const { method = "GET", url = "/", headers } = request;
		const onward = httpRequest(`${endpoint}${url}`, { method, headers }, (answer) => {
			response.writeHead(answer.statusCode ?? 500, answer.headers);
			pipeline(answer, response, () => {}); // what breaks off there breaks off here
		});
		onward.on("error", () => response.destroy());
		request.pipe(onward);
	};
}
