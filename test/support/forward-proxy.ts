import { once } from "node:events";
import {
	createServer,
	request as httpRequest,
	type IncomingMessage,
	type RequestListener,
	type Server,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { type Duplex, pipeline } from "node:stream";
import type { Certificate } from "./certificate.ts";

/** A proxy of HTTP on loopback that takes every host for one server. */
export interface ForwardProxy {
	/** `127.0.0.1:port`. */
	readonly address: string;
	/** Targets of CONNECT, `host:port`. */
	readonly tunnels: string[];
	/** Addresses of other requests. */
	readonly forwarded: string[];
	/** Values of `Proxy-Authorization`, of all requests. */
	readonly authorizations: (string | undefined)[];
	close(): Promise<void>;
}

export interface ForwardProxyOptions {
	/** What a proxy does with a CONNECT: a status refuses it, `hang` never answers; `undefined` connects. */
	readonly onTunnel?: ((target: string) => number | "hang" | undefined) | undefined;
	/** Status for other requests; `undefined` forwards them. */
	readonly onForward?: (() => number | undefined) | undefined;
	/** Sees the tunnel's two ends once it is made. */
	readonly onOpen?: ((client: Duplex, upstream: Duplex) => void) | undefined;
	/** For a proxy that is reached with TLS. */
	readonly certificate?: Certificate | undefined;
}

/** @param upstream - URL of the server that every host is. */
export async function startForwardProxy(
	upstream: string,
	{ onTunnel, onForward, onOpen, certificate }: ForwardProxyOptions = {},
): Promise<ForwardProxy> {
	const { hostname, port } = new URL(upstream);
	const [tunnels, forwarded]: [string[], string[]] = [[], []];
	const authorizations: (string | undefined)[] = [];
	const open = new Set<Duplex>();
	const forward: RequestListener = (request, response) => {
		const { method, url = "", headers } = request;
		forwarded.push(url);
		authorizations.push(headers["proxy-authorization"]);
		const status = onForward?.();
		if (status !== undefined) {
			request.resume();
			response.writeHead(status).end();
			return;
		}
		const { "proxy-authorization": _, ...onwardHeaders } = headers;
		const path = url.replace(/^http:\/\/[^/]+/, "");
		const onward = httpRequest({ hostname, port, path, method, headers: onwardHeaders }, (answer) => {
			response.writeHead(answer.statusCode ?? 500, answer.headers);
			pipeline(answer, response, () => {}); // what breaks off there breaks off here
		});
		onward.on("error", () => response.destroy());
		request.pipe(onward);
	};
	const server: Server =
		certificate === undefined ? createServer(forward) : createTlsServer(certificate, forward);
	server.on("connection", (socket: Duplex) => {
		open.add(socket);
		socket.once("close", () => open.delete(socket));
	});
	server.on("connect", (request: IncomingMessage, client: Duplex, head: Buffer) => {
		const { url = "", headers } = request;
		tunnels.push(url);
		authorizations.push(headers["proxy-authorization"]);
		client.on("error", () => {});
		const does = onTunnel?.(url);
		if (does === "hang") return;
		if (does !== undefined) {
			client.end(`HTTP/1.1 ${does} No\r\nContent-Length: 0\r\n\r\n`);
			return;
		}
		const onward = connect({ host: hostname, port: Number(port) }, () => {
			client.write("HTTP/1.1 200 Connection established\r\n\r\n");
			onward.write(head);
			onward.pipe(client).pipe(onward);
			onOpen?.(client, onward);
		});
		onward.on("error", () => client.destroy());
		onward.once("close", () => client.destroy());
		client.once("close", () => onward.destroy());
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port: own } = server.address() as AddressInfo; // listens on TCP
	return {
		address: `127.0.0.1:${own}`,
		tunnels,
		forwarded,
		authorizations,
		async close() {
			const closed = once(server, "close");
			server.close();
			for (const socket of open) socket.destroy();
			await closed;
		},
	};
}
