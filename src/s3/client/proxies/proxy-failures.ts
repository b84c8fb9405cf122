import { messageOf } from "../../../errors.ts";
import { networkRepetitions } from "../../errors/network-errors.ts";
import { ProxyError } from "../../errors/proxy-error.ts";
import type { HttpProxy } from "./proxies.ts";

/** The proxy has answered with a status that lets nothing through. */
export function refusedByProxy(
	{ shown, variable, authorization }: HttpProxy,
	status: number,
	target: string,
): ProxyError {
	if (status === 407) {
		const what =
			authorization === undefined
				? "asks for a user and a password"
				: "does not accept the user and the password that it got";
		return new ProxyError(
			`the proxy ${shown} ${what} (407); set them in ${variable}, in front of the host, as user:password@`,
			String(status),
			false,
		);
	}
	const mayPass = status >= 500 || status === 429;
	return new ProxyError(
		`the proxy ${shown} of ${variable} refuses to connect to ${target} (${status})`,
		String(status),
		mayPass,
	);
}

/** There was no answer of the proxy. */
export function proxyUnreachable(
	{ shown, variable }: HttpProxy,
	cause: Error & { readonly code?: unknown },
): ProxyError {
	const code = typeof cause.code === "string" ? cause.code : cause.name;
	const mayPass = networkRepetitions(code) !== undefined;
	return new ProxyError(
		`cannot reach the proxy ${shown} of ${variable}: ${messageOf(cause)}`,
		code,
		mayPass,
		cause,
	);
}
