import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { InvalidOptionError, messageOf } from "../../errors.ts";
import { RequestTurns } from "./request-turns.ts";
import { IDLE_TIME_MS, MOST_CONNECTIONS, REQUEST_TIME_MS, STALL_TIME_MS } from "./serve-limits.ts";

export interface ServerAddress {
	readonly host: string;
	/** 0 takes any that is free. */
	readonly port: number;
}

/** A server that listens. */
export interface StartedServer {
	/** `http://127.0.0.1:8080/` */
	readonly url: string;
	/** The address it listens at, without the port. */
	readonly address: string;
	/**
	 * Takes no more requests, and resolves when those under way have ended.
	 *
	 * @param graceMs - After this time they are cut; their clients see a failure.
	 */
	close(graceMs: number): Promise<void>;
}

/**
 * Listens on HTTP.
 *
 * @throws {InvalidOptionError} if nobody can listen there
 */
export async function startServer(
	{ host, port }: ServerAddress,
	handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<StartedServer> {
	const server = createServer({
		headersTimeout: REQUEST_TIME_MS,
		requestTimeout: REQUEST_TIME_MS,
		keepAliveTimeout: IDLE_TIME_MS,
		connectionsCheckingInterval: REQUEST_TIME_MS / 3,
	});
	server.maxConnections = MOST_CONNECTIONS;
	server.timeout = STALL_TIME_MS;
	const turns = new RequestTurns(handle);
	server.on("timeout", (socket) => cutIfStalled(socket, turns.isBusy(socket)));
	server.on("request", (request, response) => turns.take(request, response));
	server.listen(port, host);
	try {
		await once(server, "listening");
	} catch (error) {
		throw new InvalidOptionError(`cannot listen at ${host}, port ${port}: ${messageOf(error)}`, {
			cause: error,
		});
	}
	// One connection that cannot be accepted ends no other.
	server.on("error", () => {});
	// A port that is not an address is one of a socket file, and this is none.
	const { address, port: taken, family } = server.address() as AddressInfo;
	return {
		address,
		url: `http://${family === "IPv6" ? `[${address}]` : address}:${taken}/`,
		close: (graceMs) => closeServer(server, graceMs),
	};
}

/**
 * Nothing has moved for long: the client does not read, or has nothing to ask. While we have nothing to send, as CRC-32s are looked
 * for, it is the client that waits.
 */
function cutIfStalled(socket: Socket, isBusy: boolean): void {
	if (socket.writableLength > 0 || !isBusy) socket.destroy();
}

async function closeServer(server: Server, graceMs: number): Promise<void> {
	const closed = once(server, "close");
	server.close();
	server.closeIdleConnections();
	const timer = setTimeout(() => server.closeAllConnections(), graceMs);
	await closed;
	clearTimeout(timer);
}
