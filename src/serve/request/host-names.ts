import { isIP } from "node:net";

/** Whether only this machine reaches an address that a server listens at. */
export function isLoopback(address: string): boolean {
	const plain = address.replace(/^::ffff:/i, "");
	return plain === "::1" || (isIP(plain) === 4 && plain.startsWith("127."));
}

/**
 * Whether a request to a server on the loopback address is meant for it. A page of somebody else may have a name that leads
 * to this machine ("DNS rebinding"), and its scripts would read everything here: the browser still says whose name it asked for.
 *
 * @param host - Header `Host` of the request.
 */
export function namesLoopback(host: string | undefined): boolean {
	const [, bracketed, plain = ""] =
		/^(?:\[([\da-f:.]+)\]|([^:]*))(?::\d*)?$/i.exec((host ?? "").trim()) ?? [];
	if (bracketed !== undefined) return isLoopback(bracketed);
	const name = plain.toLowerCase().replace(/\.$/, "");
	return name === "localhost" || name.endsWith(".localhost") || isLoopback(name);
}
