import type { S3ClientResolvedConfig } from "@aws-sdk/client-s3";
import type { ProxyFor } from "./proxies.ts";
import { proxyUnreachable, refusedByProxy } from "./proxy-failures.ts";

type Handler = S3ClientResolvedConfig["requestHandler"];

/**
 * A request handler that does as another one, but sends requests without TLS through the proxy that there is for
 * their host: to the proxy itself, with the whole address (RFC 9112, 3.2.2). Proxies need not let CONNECT through to
 * any other port than 443.
 */
export function throughProxy(handler: Handler, proxyFor: ProxyFor): Handler {
	const handle: Handler["handle"] = async (request, options) => {
		if (request.protocol !== "http:") return handler.handle(request, options);
		const { hostname, port = 80, path } = request;
		const proxy = proxyFor({ protocol: "http:", hostname, port });
		if (proxy === undefined) return handler.handle(request, options);
		const host = port === 80 ? hostname : `${hostname}:${port}`;
		const { authorization } = proxy;
		// A copy: a retry finds the request as it was.
		const copy: typeof request = Object.assign(Object.create(Object.getPrototypeOf(request)), request, {
			protocol: proxy.secure ? "https:" : "http:",
			hostname: proxy.hostname,
			port: proxy.port,
			path: `http://${host}${path}`,
			headers: {
				...request.headers,
				host,
				...(authorization === undefined ? {} : { "proxy-authorization": authorization }),
			},
		});
		const { response } = await handler.handle(copy, options).catch((error: unknown) => {
			throw isUnreachable(error) ? proxyUnreachable(proxy, error) : error;
		});
		if (response.statusCode !== 407) return { response };
		if (isDestroyable(response.body)) response.body.destroy();
		throw refusedByProxy(proxy, 407, host);
	};
	return Object.create(handler, { handle: { value: handle } });
}

/** The connection was not even made. */
function isUnreachable(error: unknown): error is Error & { readonly code: string } {
	return error instanceof Error && "syscall" in error && /^(connect|getaddrinfo)/.test(String(error.syscall));
}

function isDestroyable(body: unknown): body is { destroy(): void } {
	return typeof body === "object" && body !== null && "destroy" in body;
}
