import type { ProxyFor } from "../../../s3/client/proxies/proxies.ts";

/** Where a request goes, and what for: the part of Node's request options that follows from its URL. */
export interface Route {
	readonly secure: boolean;
	readonly hostname: string;
	readonly port: number;
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
}

/**
 * The way to a URL. Without TLS a proxy gets the whole address (RFC 9112, 3.2.2); with TLS the agent makes a tunnel.
 * User and password of the URL are left out: Node would make a header of them for any host.
 */
export function routeTo(url: URL, proxyFor: ProxyFor | undefined): Route {
	const secure = url.protocol === "https:";
	const hostname = url.hostname.replace(/^\[|\]$/g, "");
	const port = Number(url.port) || (secure ? 443 : 80);
	const path = `${url.pathname}${url.search}`;
	const proxy = secure ? undefined : proxyFor?.({ protocol: "http:", hostname, port });
	if (proxy === undefined) return { secure, hostname, port, path, headers: {} };
	const { authorization } = proxy;
	return {
		secure: proxy.secure,
		hostname: proxy.hostname,
		port: proxy.port,
		path: `http://${url.host}${path}`,
		headers: {
			host: url.host,
			...(authorization === undefined ? {} : { "proxy-authorization": authorization }),
		},
	};
}
