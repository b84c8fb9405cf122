import { connect, type Socket } from "node:net";

/** A connection to a server, of a client that lives with whatever becomes of it. */
export function connectTo(url: string): Socket {
	const { hostname, port } = new URL(url);
	return connect(Number(port), hostname).on("error", () => {});
}
