import { InvalidOptionError } from "../../../errors.ts";
import { goesPastProxy, type Target } from "./no-proxy.ts";

/** A proxy that requests go through. */
export interface HttpProxy {
	readonly secure: boolean;
	/** An address of IPv6 without brackets. */
	readonly hostname: string;
	readonly port: number;
	/** Value of the header `Proxy-Authorization`; secret. */
	readonly authorization: string | undefined;
	/** Its address for messages, without user and password. */
	readonly shown: string;
	/** The variable that names it. */
	readonly variable: string;
}

/** The proxy that the environment has for a request; `undefined` if it goes straight. */
export type ProxyFor = (target: Target) => HttpProxy | undefined;

/** The proxies that the variables name, in both of the ways that they are written. */
export function proxiesOf(environment: NodeJS.ProcessEnv): ProxyFor {
	const noProxy = environment["no_proxy"] || environment["NO_PROXY"] || "";
	const proxyFor: ProxyFor = (target) => {
		const [variable, address] = namedProxy(environment, target.protocol);
		if (address === undefined || goesPastProxy(target, noProxy)) return undefined;
		return readProxy(variable, address);
	};
	// A proxy that is reached with TLS is not reached through another one.
	const isProxy = ({ hostname, port }: Target): boolean => {
		const [variable, address] = namedProxy(environment, "http:");
		if (address === undefined || !/^https:/i.test(address)) return false;
		const plain = readProxy(variable, address);
		return plain.hostname === hostname && plain.port === port;
	};
	return (target) => (target.protocol === "https:" && isProxy(target) ? undefined : proxyFor(target));
}

function namedProxy(
	environment: NodeJS.ProcessEnv,
	protocol: Target["protocol"],
): [string, string | undefined] {
	const upper = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
	// In CGI that one is the header `Proxy` of whoever asks.
	const isForged = upper === "HTTP_PROXY" && environment["REQUEST_METHOD"] !== undefined;
	const names = [upper.toLowerCase(), ...(isForged ? [] : [upper]), "all_proxy", "ALL_PROXY"];
	const name = names.find((each) => environment[each]) ?? upper;
	return [name, (names.includes(name) && environment[name]) || undefined];
}

/** @throws {InvalidOptionError} for a proxy of a kind that is not supported */
function readProxy(variable: string, address: string): HttpProxy {
	// As curl does: a proxy without a scheme speaks HTTP.
	const text = /^[a-z][a-z\d+.-]*:\/\//i.test(address) ? address : `http://${address}`;
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === "") {
		const shown = text.replace(/\/\/.*@/s, "//…@");
		throw new InvalidOptionError(
			`the proxy "${shown}" of ${variable} is not one that zipferry can use, like http://proxy.example.com:3128`,
		);
	}
	const secure = url.protocol === "https:";
	const user = `${decoded(url.username)}:${decoded(url.password)}`;
	return {
		secure,
		hostname: url.hostname.replace(/^\[|\]$/g, ""),
		port: Number(url.port) || (secure ? 443 : 80),
		authorization: user === ":" ? undefined : `Basic ${Buffer.from(user).toString("base64")}`,
		shown: `${url.protocol}//${url.host}`,
		variable,
	};
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text; // with a "%" that was meant as one
	}
}
