import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { InvalidOptionError, messageOf } from "../../errors.ts";

/** Answers whoever asks how the schedule is doing. */
export interface HealthServer {
	/** `http://127.0.0.1:8080/` */
	readonly url: string;
	close(): Promise<void>;
}

export interface HealthServerOptions {
	/** 0 takes any that is free. */
	readonly port: number;
	readonly host: string;
	/** What is answered: `ok` decides between 200 and 503, the rest is for people. */
	readonly health: () => { readonly ok: boolean };
}

/** Nobody keeps a request open for longer. */
const TIMEOUT_MS = 10_000;

/**
 * Listens on HTTP: any path answers GET and HEAD with JSON.
 *
 * @throws {InvalidOptionError} if nobody can listen there
 */
export async function serveHealth({ port, host, health }: HealthServerOptions): Promise<HealthServer> {
	const server = createServer((request, response) => {
		response.setHeader("cache-control", "no-store");
		if (request.method !== "GET" && request.method !== "HEAD") {
			response.writeHead(405, { allow: "GET, HEAD" }).end();
			return;
		}
		const told = health();
		response.writeHead(told.ok ? 200 : 503, { "content-type": "application/json" });
		response.end(`${JSON.stringify(told)}\n`);
	});
	server.requestTimeout = TIMEOUT_MS;
	server.headersTimeout = TIMEOUT_MS;
	server.listen(port, host);
	try {
		await once(server, "listening");
	} catch (error) {
		throw new InvalidOptionError(
			`cannot listen at ${host}, port ${port}, for questions about health: ${messageOf(error)}`,
			{
				cause: error,
			},
		);
	}
	// Nobody's backup ends because of a connection.
	server.on("error", () => {});
	// A port that is not an address is one of a socket file, and this is none.
	const { address, port: taken, family } = server.address() as AddressInfo;
	return {
		url: `http://${family === "IPv6" ? `[${address}]` : address}:${taken}/`,
		async close() {
			const closed = once(server, "close");
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}
