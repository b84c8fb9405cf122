import { type ClientRequest, type RequestOptions, request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { isIP, isIPv6 } from "node:net";
import type { Duplex } from "node:stream";
import type { AgentOptions } from "../shaking-agent.ts";
import type { HttpProxy } from "./proxies.ts";
import { proxyUnreachable, refusedByProxy } from "./proxy-failures.ts";

export interface TunnelSettings {
	/** Milliseconds until the proxy has connected. */
	readonly timeoutMs: number;
	/** Authorities to trust, for a proxy that is reached with TLS. */
	readonly ca: AgentOptions["ca"];
}

/**
 * Has a proxy connect to a host (CONNECT, RFC 9110, 9.3.6).
 *
 * @param done - Gets the connection, or why there is none; called once.
 * @returns the request, which can be destroyed while it lasts
 */
export function openTunnel(
	proxy: HttpProxy,
	host: string,
	port: number,
	{ timeoutMs, ca }: TunnelSettings,
	done: (error: Error | undefined, socket: Duplex | undefined) => void,
): ClientRequest {
	const target = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
	const options: RequestOptions = {
		host: proxy.hostname,
		port: proxy.port,
		method: "CONNECT",
		path: target,
		headers: {
			host: target,
			...(proxy.authorization === undefined ? {} : { "proxy-authorization": proxy.authorization }),
		},
		agent: false,
	};
	const request = proxy.secure
		? requestSecure({
				...options,
				...(isIP(proxy.hostname) === 0 ? { servername: proxy.hostname } : {}),
				...(ca === undefined ? {} : { ca }),
			})
		: requestPlain(options);
	let settled = false;
	const settle: typeof done = (error, socket) => {
		if (!settled) done(error, socket);
		settled = true;
	};
	const timer = setTimeout(() => {
		const message = `it has not connected to ${target} within ${timeoutMs} ms`;
		request.destroy(Object.assign(new Error(message), { name: "TimeoutError" }));
	}, timeoutMs);
	request.once("close", () => clearTimeout(timer));
	request.once("connect", ({ statusCode = 0 }, socket, head) => {
		clearTimeout(timer);
		if (statusCode >= 200 && statusCode < 300) {
			if (head.byteLength > 0) socket.unshift(head);
			settle(undefined, socket);
		} else {
			socket.destroy();
			settle(refusedByProxy(proxy, statusCode, target), undefined);
		}
	});
	request.on("error", (error) => settle(proxyUnreachable(proxy, error), undefined));
	request.end();
	return request;
}
