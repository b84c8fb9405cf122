import { BlockList, isIP } from "node:net";

/** A host that a request is for. */
export interface Target {
	readonly protocol: "http:" | "https:";
	/** An address of IPv6 with or without brackets. */
	readonly hostname: string;
	readonly port: number;
}

/**
 * Whether a request goes past the proxy, by the rules that curl has for `NO_PROXY`: names stand for all below them as
 * well, addresses may be ranges (`10.0.0.0/8`), `*` is everything, and a port after a colon has to fit. This machine
 * itself is never reached through a proxy, as in Go: seen from there, it would be another one.
 */
export function goesPastProxy(target: Target, noProxy: string): boolean {
	const host = plainHost(target.hostname);
	return isLoopback(host) || noProxy.split(/[\s,]+/).some((entry) => matches(entry, host, target.port));
}

function plainHost(text: string): string {
	return text
		.toLowerCase()
		.replace(/^\[|\]$/g, "")
		.replace(/\.$/, "");
}

function isLoopback(host: string): boolean {
	return (
		host === "localhost" || host.endsWith(".localhost") || host === "::1" || /^127(\.\d+){3}$/.test(host)
	);
}

function matches(entry: string, host: string, port: number): boolean {
	if (entry === "") return false;
	if (entry === "*") return true;
	const [, name = "", entryPort] = /^(\[[^\]]*\](?:\/\d+)?|[^:]*|.*:.*:.*?)(?::(\d+))?$/.exec(entry) ?? [];
	if (entryPort !== undefined && Number(entryPort) !== port) return false;
	const [wanted = "", prefix] = name.replace(/[[\]]/g, "").split("/");
	if (prefix !== undefined) return isInRange(host, wanted, Number(prefix));
	const domain = plainHost(wanted).replace(/^\*?\./, "");
	return host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`));
}

function isInRange(host: string, network: string, prefix: number): boolean {
	const family = isIP(host);
	const longest = family === 6 ? 128 : 32;
	if (family === 0 || isIP(network) !== family || !Number.isInteger(prefix) || prefix > longest) return false;
	const type = family === 6 ? "ipv6" : "ipv4";
	const range = new BlockList();
	range.addSubnet(network, prefix, type);
	return range.check(host, type);
}
