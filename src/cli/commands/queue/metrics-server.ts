import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { InvalidOptionError, messageOf } from "../../../errors.ts";

/** Answers Prometheus. */
export interface MetricsServer {
	/** `http://127.0.0.1:9464/metrics` */
	readonly url: string;
	close(): Promise<void>;
}

/** Nobody keeps a request open for longer. */
const TIMEOUT_MS = 10_000;

/**
 * Listens on HTTP: `GET /metrics` answers with what `render` gives.
 *
 * @param place - `ADDRESS:PORT`, or a port of this machine.
 * @throws {InvalidOptionError} if nobody can listen there
 */
export async function serveMetrics(place: string, render: () => Promise<string>): Promise<MetricsServer> {
	const { host, port } = readPlace(place);
	const server = createServer((request, response) => {
		const { pathname } = new URL(request.url ?? "/", "http://localhost");
		if (pathname !== "/metrics") return void response.writeHead(404).end("metrics are at /metrics\n");
		if (request.method !== "GET" && request.method !== "HEAD")
			return void response.writeHead(405, { allow: "GET, HEAD" }).end();
		render().then(
			(text) =>
				response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(text),
			() => response.writeHead(500).end(),
		);
	});
	server.requestTimeout = TIMEOUT_MS;
	server.headersTimeout = TIMEOUT_MS;
	server.listen(port, host);
	try {
		await once(server, "listening");
	} catch (error) {
		const problem = `cannot listen at ${host}, port ${port}, for metrics: ${messageOf(error)}`;
		throw new InvalidOptionError(problem, { cause: error });
	}
	server.on("error", () => {}); // no shard ends because of a connection
	// A port that is not an address is one of a socket file, and this is none.
	const { address, port: taken, family } = server.address() as AddressInfo;
	return {
		url: `http://${family === "IPv6" ? `[${address}]` : address}:${taken}/metrics`,
		async close() {
			const closed = once(server, "close");
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}

function readPlace(place: string): { readonly host: string; readonly port: number } {
	const { host = "127.0.0.1", port = "" } =
		/^(?:(?<host>\[[^\]]+\]|[^:]+):)?(?<port>\d{1,5})$/.exec(place)?.groups ?? {};
	if (port === "" || Number(port) > 65_535)
		throw new InvalidOptionError(
			`--metrics must be an address and a port, such as 0.0.0.0:9464, or a port from 0 to 65,535, not ${JSON.stringify(place)}`,
		);
	return { host: host.replace(/^\[(.*)\]$/, "$1"), port: Number(port) };
}
